"""Why a file gave no facts, and what to do next: a closed set that the database, the commands and exit codes share.

The reader's own reasons (``extractors.reader.read_errors``) are among them under the same names.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Machine-readable reasons; they stand in ``files.reason``, ``documents.reason`` and as codes of issues."""

    NOT_A_PDF = "not_a_pdf"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    TOO_LARGE = "too_large"
    UNREADABLE_TEXT = "unreadable_text"
    NEEDS_OCR = "needs_ocr"
    UNKNOWN_LAYOUT = "unknown_layout"
    NOT_LOADABLE = "not_loadable"
    OUTSIDE_FOLDER = "outside_folder"
    NOT_A_FILE = "not_a_file"
    NO_ACCESS = "no_access"
    STILL_COPIED = "still_copied"
    BUSY = "busy"


ADVICE = {
    Reason.NOT_A_PDF: "the file holds no PDF; remove it or convert it",
    Reason.EMPTY: "the file has no bytes or no pages; fetch it again",
    Reason.ENCRYPTED: "the file needs a password; put it in a file and give that with --password-file",
    Reason.DAMAGED: "the file is broken; fetch it again or repair it (qpdf in.pdf out.pdf), then run again",
    Reason.TIMEOUT: "reading took too long; split the file, or raise the time limit and run with --retry",
    Reason.MEMORY: "reading took too much memory; split the file, or raise the memory limit and run with --retry",
    Reason.CRASHED: "the reader broke down on this file; report it, and run with --retry after an update",
    Reason.TOO_LARGE: "the file is larger than the limit; split it, or raise the size limit and run with --retry",
    Reason.UNREADABLE_TEXT: "the text layer has no usable characters; install the extra [ocr] and run again",
    Reason.NEEDS_OCR: "the pages are pictures; install the extra [ocr] and run again",
    Reason.UNKNOWN_LAYOUT: "the document has a structure the program does not know; report it",
    Reason.NOT_LOADABLE: "what was read does not fit the database; report it",
    Reason.OUTSIDE_FOLDER: "the link leads out of the folder; copy the file into the folder",
    Reason.NOT_A_FILE: "this is no ordinary file; remove it from the folder",
    Reason.NO_ACCESS: "the file may not be read; change its permissions",
    Reason.STILL_COPIED: "the file was changing; the next run takes it",
    Reason.BUSY: "the disk or share did not answer; the next run takes it",
}

# Reasons that pass by themselves: such a file waits for the next run, and keeps what was read of it before.
PASSING_REASONS = frozenset({Reason.STILL_COPIED, Reason.BUSY})
