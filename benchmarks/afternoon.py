"""An analyst's afternoon beside the cold run: a name is added, the rules run again over all, the diff is shown."""

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.report import SHARED, MissingError, Section, ratio
from tests.flows.afternoon import NEW_NAME, SENTENCE, SLUG, set_up, timed, wipe

_DEV = SHARED / "corpus" / "dev"


def measure_afternoon(rounds: int) -> Section:
    """Read the development documents; then, with their bytes wiped out, run again after a rule was added, and diff.

    Seconds are those of whole commands, start included.
    """
    pdfs = sorted(_DEV.glob("*.pdf"))
    if not pdfs:
        raise MissingError("the development corpus is not at ../shared/corpus/dev")
    add = ("rules", "add", NEW_NAME, "--project", SLUG, "--as", "acronyms", "--example", SENTENCE, "--yes")
    seconds: dict[str, list[float]] = {"cold": [], "rule added": [], "run again": [], "diff": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            desk = set_up(Path(folder), pdfs)
            seconds["cold"].append(timed(partial(desk.run, "ingest", "--direct", codes=(0, 3))))
            wipe(desk.inbox)
            seconds["rule added"].append(timed(partial(desk.run, *add)))
            seconds["run again"].append(timed(partial(desk.run, "ingest", "--direct", codes=(0, 3))))
            seconds["diff"].append(timed(partial(desk.run, "diff")))
    section = Section(
        f"An analyst's afternoon, {len(pdfs)} development documents", ("step", "seconds", "of the cold run")
    )
    for name, found in seconds.items():
        section.add(name, median(found), ratio(found, seconds["cold"]))
    whole = [sum(parts) for parts in zip(*(seconds[name] for name in ("rule added", "run again", "diff")), strict=True)]
    section.add("all after the cold run", median(whole), ratio(whole, seconds["cold"]))
    return section
