"""An analyst's afternoon, by the real command: a project is printed under a new name; a rule is added, all is derived
again, and the diff shows what came of it, while no PDF can be opened."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PESCO = "import sys; from flows.cli import main; sys.exit(main())"
NEW_NAME, SLUG = "ROLE 2F", "role-2f"
SENTENCE = "ROLE 2F is in the ideation phase"
_KNOWN = f"  acronyms: [{NEW_NAME}, Role 2F]\n"
# Page, kind, value and print of a mention, after its file name.
Mentions = list[tuple[str, int, str, str, str]]


@dataclass(frozen=True)
class Desk:
    """A project folder of its own, with rules of its own; ``run`` is the command ``pesco`` in it."""

    home: Path

    @property
    def inbox(self) -> Path:
        return self.home / "data" / "raw"

    @property
    def rules(self) -> Path:
        return self.home / "rules"

    def run(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PESCO_HOME": str(self.home)}
        environment |= {"PESCO_RULES": str(self.rules)}
        environment.pop("PESCO_DB", None)
        command = [sys.executable, "-c", PESCO, *words]
        done = subprocess.run(command, cwd=self.home, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in codes, done.stderr + done.stdout
        return done.stdout


def set_up(home: Path, pdfs: Iterable[Path]) -> Desk:
    """Make a project folder whose rules do not know the new name of a project yet."""
    desk = Desk(home)
    desk.inbox.mkdir(parents=True)
    desk.rules.mkdir()
    for path in pdfs:
        shutil.copy(path, desk.inbox)
    text = (ROOT / "extractors" / "rules" / "projects.yml").read_text(encoding="utf-8")
    entry = text[text.index(f"- slug: {SLUG}\n") :]
    entry = entry[: entry.index("\n- slug: ")]
    older = entry.replace(f"name: {NEW_NAME}", "name: Forward Surgical Unit").replace(SENTENCE, "Forward Surgical Unit")
    assert _KNOWN in older
    (desk.rules / "projects.yml").write_text(text.replace(entry, older.replace(_KNOWN, "")), encoding="utf-8")
    return desk


def wipe(folder: Path) -> None:
    """Overwrite every PDF with blanks, leaving size and time of change: whoever opens one finds no document."""
    for path in folder.glob("*.pdf"):
        status = path.stat()
        path.write_bytes(b" " * status.st_size)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def spend(desk: Desk) -> tuple[dict[str, object], dict[str, object]]:
    """Add the name, run again, and return the summary of the run and its diff."""
    desk.run("rules", "add", NEW_NAME, "--project", SLUG, "--as", "acronyms", "--example", SENTENCE, "--yes")
    summary = json.loads(desk.run("ingest", "--direct", "--json", codes=(0, 3)))
    return summary, json.loads(desk.run("diff", "--json"))


def mentions(diff: dict[str, object], what: str) -> Mentions:
    """Return the mentions that a diff says were gained, lost or changed."""
    changes = [one for rule in diff["rules"] for one in rule["changes"]]  # type: ignore[attr-defined]
    found = [one for one in changes if one["kind"] == "mention" and one["what"] == what]
    sides = [(one["filename"], one["after"] or one["before"]) for one in found]
    return sorted((name, said["page"], said["kind"], said["value"], said["text"]) for name, said in sides)


def wanted(gold: Path) -> Mentions:
    """Return where careful readers found the project under its new name."""
    found: Mentions = []
    for path in gold.glob("*.gold.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            if said["kind"] == "project" and said.get("values") == [SLUG] and NEW_NAME in said["text"]:
                name = path.name.replace(".gold.jsonl", ".pdf")
                found.append((name, said["page"], "project", SLUG, said["text"]))
    return sorted(found)


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
