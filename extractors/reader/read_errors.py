"""Why a document or a page could not be read. The reasons are a closed set that storage and exit codes rely on."""

from dataclasses import dataclass
from enum import StrEnum

from models.errors import PescoError


class ReadReason(StrEnum):
    """What is wrong with a file or page, as the reader sees it."""

    NOT_A_PDF = "not_a_pdf"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"


_ADVICE = {
    ReadReason.NOT_A_PDF: "the file holds no PDF; remove it from the folder or convert it",
    ReadReason.EMPTY: "the file has no bytes or no pages; fetch it again",
    ReadReason.ENCRYPTED: "the file needs a password; give it with --password-file",
    ReadReason.DAMAGED: "the file is broken; fetch it again or repair it with qpdf",
}


class ReadError(PescoError):
    """A document that cannot be read at all. ``reason`` is machine-readable; the text adds what to do."""

    def __init__(self, reason: ReadReason, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(reason, detail)

    def __str__(self) -> str:
        """Return reason, advice and detail in one line."""
        text = f"{self.reason}: {_ADVICE[self.reason]}"
        return f"{text} ({self.detail})" if self.detail else text


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page, counted from 1, that cannot be read in a document whose other pages can."""

    number: int
    reason: ReadReason
    detail: str = ""
