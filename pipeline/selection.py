"""Which documents a run looks at: those that somebody names, or those of a kind, year or state.

One frozen model, for the command line, the options of a run and the form in Prefect's page. What the database knows of
a document decides: a file that was never read has no kind, year or state, so it is left for a run without these; it can
be named.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from models.errors import PescoError
from models.facts import DocumentKind
from pipeline.names import for_terminal

# So many first digits of an id or hash name a document.
MIN_PREFIX = 6


class AboutDocument(Protocol):
    """What the database says of a document, as far as it can be chosen by it."""

    @property
    def kind(self) -> str | None:
        """What it is."""

    @property
    def year(self) -> int | None:
        """The year that it reports on."""

    @property
    def state(self) -> str | None:
        """The state whose plan it is."""


class Selection(BaseModel):
    """Documents to look at; nothing chosen: all. Several values of a field: any of them; several fields: all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    only: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(), description="Documents by id (six digits or more), file name or path"
    )
    kind: tuple[DocumentKind, ...] = Field(default=(), description="Kinds of documents, as known from an earlier run")
    year: tuple[Annotated[int, Field(ge=1900, le=2199)], ...] = Field(
        default=(), description="Reporting years, as known from an earlier run"
    )
    state: tuple[Annotated[str, Field(pattern="^[A-Z]{2}$")], ...] = Field(
        default=(), description="States whose plans they are, ISO 3166-1, as known from an earlier run"
    )

    def __bool__(self) -> bool:
        """Tell whether anything is chosen."""
        return bool(self.only or self.kind or self.year or self.state)

    def fits(self, sha256: str, paths: Iterable[str], known: AboutDocument | None) -> bool:
        """Tell whether a document is chosen, by its hash (64 hex digits), its paths, and what is known of it."""
        if self.only and not any(is_named(name, sha256, path) for name in self.only for path in paths):
            return False
        if not (self.kind or self.year or self.state):
            return True
        if known is None:
            return False
        return (
            (not self.kind or known.kind in self.kind)
            and (not self.year or known.year in self.year)
            and (not self.state or known.state in self.state)
        )

    def check_names(self, met: Sequence[tuple[str, str]]) -> None:
        """Raise ``PescoError`` for a name that no document has of those met, given as (hash or empty, path)."""
        for name in self.only:
            if not any(is_named(name, sha256, path) for sha256, path in met):
                raise PescoError(
                    f"no document in reach is called {for_terminal(name)!r}; name an id, a file name or a path"
                )


def is_named(name: str, sha256: str, path: str) -> bool:
    """Tell whether a name is that of a document: first digits of its hash, or a path or file name of it.

    >>> is_named("ab12cd", "ab12cd" + "0" * 58, "/in/x.pdf"), is_named("x", "", "/in/x.pdf")
    (True, True)
    """
    filename = path.rpartition("/")[2]
    if name in (path, filename) or f"{name}.pdf" == filename:
        return True
    return len(name) >= MIN_PREFIX and sha256.startswith(name.lower())
