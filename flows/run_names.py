"""Names of runs, for people who look at a list of them: what was done, when, and with what."""

from datetime import datetime
from pathlib import PurePosixPath

from prefect.runtime import flow_run

from flows.request import IngestRequest
from pipeline.names import for_terminal

_LENGTH = 60


def ingest_name() -> str:
    """Return the name of the run under way, such as ``ingest-2026-11-22-raw``."""
    request = flow_run.parameters.get("request")
    what = scope(request) if isinstance(request, IngestRequest) else "raw"
    return f"ingest-{_today()}-{what}"


def check_name() -> str:
    """Return the name of the check under way, such as ``check-2026-11-22``."""
    return f"check-{_today()}"


def scope(request: IngestRequest) -> str:
    """Return in a word what a request is about: what it selects, else where it looks.

    >>> scope(IngestRequest(paths=("/data/raw/2026",)))
    '2026'
    >>> scope(IngestRequest(paths=("/a/x.pdf", "/a/y.pdf"), again="rules"))
    'x.pdf-and-1-more-again'
    >>> scope(IngestRequest(selection={"kind": ["nip"], "year": [2025]}))
    'nip-2025'
    """
    names = [PurePosixPath(path).name or path for path in request.paths]
    words = names[:1]
    if len(names) > 1:
        words.append(f"and-{len(names) - 1}-more")
    chosen = request.selection
    words += [*chosen.only, *chosen.kind, *map(str, chosen.year), *chosen.state]
    words = words or ["raw"]
    if request.again.value:
        words.append("again")
    return for_terminal("-".join(words).replace(" ", "-"), _LENGTH)


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()
