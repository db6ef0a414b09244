"""What is asked of a run: the form that Prefect's page shows, and what the command line fills in.

Plain values only, as Prefect writes them into its records; paths are storable text (``pipeline.names.to_text``).
Prefect's server checks a form against these models before it takes a run.
"""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from flows import settings
from models.errors import PescoError
from pipeline.full_check import CheckOptions
from pipeline.ingest import Engine, IngestOptions
from pipeline.limits import MIB, Limits
from pipeline.names import from_text, to_text
from pipeline.plan import Again
from pipeline.selection import Selection
from pipeline.store.kept import DEFAULT_MAX_BYTES

_DEFAULT = Limits()
GIB = 1 << 30
_FOREVER = -1.0


class IfRunning(StrEnum):
    """What a run does while another one writes to the database: end with an error, wait for its end, or do nothing."""

    FAIL = "fail"
    WAIT = "wait"
    SKIP = "skip"


class IngestRequest(BaseModel):
    """Read new and changed PDFs below ``paths`` and load what they say into ``db``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[str, ...] = Field(default=(), description="Files and folders; none: the project's data/raw")
    db: str | None = Field(default=None, min_length=1, description="The database; empty: the project's")
    workers: int | None = Field(default=None, ge=1, description="Processes that read; empty: one a core")
    engine: Engine = Field(default=Engine.LOCAL, description="local: processes of this machine; dask: a Dask cluster")
    dask_address: str | None = Field(
        default=None, min_length=1, description="A Dask scheduler (tcp://host:8786); empty: a cluster for this run"
    )
    selection: Selection = Field(default=Selection(), description="Which documents; nothing chosen: all in reach")
    again: Again = Field(default=Again.NOTHING, description="rules: find facts again; pages: read the PDFs again too")
    dry_run: bool = Field(default=False, description="Show what the run would change, and write nothing")
    retry: bool = Field(default=False, description="Read quarantined files again")
    restricted: bool = Field(default=False, description="Keep what is read out of published copies")
    if_running: IfRunning = Field(
        default=IfRunning.FAIL, description="While another run writes: fail, wait for its end, or skip this one"
    )
    wait_seconds: float | None = Field(
        default=None, description="How long to wait for another run; negative: for ever; empty: as the field above says"
    )
    corrections: str | None = Field(
        default=None, description="The folder of correction files; empty: data/corrections of the project"
    )
    password_file: str | None = Field(default=None, description="A file with passwords to try, one a line")
    time_limit: float = Field(default=_DEFAULT.seconds, gt=0, description="Seconds for any document; pages add to it")
    memory_limit: int = Field(default=_DEFAULT.memory // MIB, ge=1, description="MiB for any document")
    size_limit: int = Field(default=_DEFAULT.max_bytes // MIB, ge=1, description="MiB of the largest file to read")

    keep_pages: int = Field(
        default=DEFAULT_MAX_BYTES // GIB, ge=0, description="GiB of kept pages, by which a change of rules opens no PDF"
    )

    @model_validator(mode="after")
    def _address_is_for_dask(self) -> "IngestRequest":
        if self.dask_address is not None and self.engine is not Engine.DASK:
            raise ValueError("dask_address is for the engine dask")
        return self

    def options(self) -> IngestOptions:
        """Return the run's options."""
        limits = Limits(seconds=self.time_limit, memory=self.memory_limit * MIB, max_bytes=self.size_limit * MIB)
        return IngestOptions(
            db=self.database(),
            workers=self.workers,
            engine=self.engine,
            dask_address=self.dask_address,
            wait_seconds=self.patience(),
            retry=self.retry,
            restricted=self.restricted,
            again=self.again,
            selection=self.selection,
            corrections=settings.corrections_folder() if self.corrections is None else from_text(self.corrections),
            password_file=None if self.password_file is None else from_text(self.password_file),
            limits=limits,
            kept_bytes=self.keep_pages * GIB,
        )

    def database(self) -> Path:
        """Return the database."""
        return settings.default_database() if self.db is None else from_text(self.db)

    def locations(self) -> list[Path]:
        """Return the files and folders."""
        return [from_text(path) for path in self.paths] or settings.inboxes()

    def patience(self) -> float:
        """Return how many seconds to wait for another run; negative: for ever."""
        if self.wait_seconds is not None:
            return self.wait_seconds
        return _FOREVER if self.if_running is IfRunning.WAIT else 0.0


class CheckRequest(BaseModel):
    """Compare files with what was read, and look for damage in the database and the kept pages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    db: str | None = Field(default=None, min_length=1, description="The database; empty: the project's")
    with_files: bool = Field(default=True, description="Read every file and compare its hash")
    with_kept_pages: bool = Field(default=True, description="Look at every file of kept pages")

    def options(self) -> CheckOptions:
        """Return what to check."""
        db = settings.default_database() if self.db is None else from_text(self.db)
        return CheckOptions(db, with_files=self.with_files, with_kept_pages=self.with_kept_pages)


def make_request(
    paths: Iterable[Path],
    db: Path,
    *,
    password_file: Path | None = None,
    corrections: Path | None = None,
    **settings: object,
) -> IngestRequest:
    """Return a request with full paths, as its run may start in another folder; settings of ``None`` are left out.

    Raises ``PescoError`` for settings that do not go together, and for a folder of corrections that is not there.
    """
    wanted = {name: value for name, value in settings.items() if value is not None}
    if password_file is not None:
        wanted["password_file"] = to_text(password_file.absolute())
    if corrections is not None:
        if not corrections.is_dir():
            raise PescoError(f"there is no folder {corrections} with corrections")
        wanted["corrections"] = to_text(corrections.absolute())
    locations = tuple(to_text(path.absolute()) for path in paths)
    try:
        return IngestRequest.model_validate({"paths": locations, "db": to_text(db.absolute()), **wanted})
    except ValidationError as error:
        problems = [_where(problem["loc"]) + problem["msg"].removeprefix("Value error, ") for problem in error.errors()]
        raise PescoError("; ".join(problems)) from error


def _where(place: tuple[int | str, ...]) -> str:
    """Return the option that a problem is about, as a beginning of its sentence."""
    names = [name for name in place if isinstance(name, str) and name != "selection"]
    return f"{names[0].replace('_', '-')}: " if names else ""
