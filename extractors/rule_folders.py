"""Where rule files stand: beside the code, and in a folder of the user's own whose files stand for those."""

import os
from pathlib import Path

from models.errors import RuleError

RULES_FOLDER = Path(__file__).parent / "rules"
OWN_RULES = "PESCO_RULES"
"""The environment variable that names a folder of rule files which stand for those of the same name here."""


def own_folder() -> Path | None:
    """Return the folder that ``PESCO_RULES`` names, or ``None``; raises ``RuleError`` when it is none."""
    name = os.environ.get(OWN_RULES)
    if not name:
        return None
    if not Path(name).is_dir():
        raise RuleError(f"{OWN_RULES} names {name}, which is no folder")
    return Path(name)


def files_of(folder: Path) -> list[Path]:
    """Return the rule files of a folder by name."""
    return sorted(path for path in folder.iterdir() if path.suffix in (".yml", ".csv"))
