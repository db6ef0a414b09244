r"""File names as text that SQLite, JSON and terminals can hold, and back to the very bytes.

A name may hold line feeds, quotes, marks that turn the writing direction, or bytes that are no UTF-8. Names that are
plain text stay as they are; bytes that are not become ``\xNN``, and a backslash that would be mistaken for one becomes
``\\x5c``. ``for_terminal`` makes any text from a document or file harmless to print.
"""

import os
import re
import unicodedata
from pathlib import Path

_LOOKS_ESCAPED = re.compile(r"\\(?=x[0-9a-f]{2})")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


def to_text(path: Path | str) -> str:
    r"""Return a path or name as storable text; different paths give different texts.

    >>> to_text("plan (final)\n.pdf")
    'plan (final)\n.pdf'
    >>> to_text("caf\udce9.pdf")
    'caf\\xe9.pdf'
    """
    text = path.as_posix() if isinstance(path, Path) else path
    if "\\x" in text:
        text = _LOOKS_ESCAPED.sub(r"\\x5c", text)
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def from_text(text: str) -> Path:
    r"""Return the path that ``to_text`` wrote.

    >>> from_text(to_text("caf\udce9.pdf")) == Path("caf\udce9.pdf")
    True
    """
    if "\\x" not in text:
        return Path(text)
    raw = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text.encode("utf-8", "surrogateescape"))
    return Path(os.fsdecode(raw))


def for_terminal(text: str, limit: int = 200) -> str:
    r"""Return text in one line that no terminal obeys: control and direction marks are written out, long text is cut.

    >>> for_terminal("a\x1b[2Jb\u202efdp.exe")
    'a\\x1b[2Jb\\u202efdp.exe'
    """
    shown = "".join(_harmless(character) for character in text[: limit + 1])
    return shown if len(text) <= limit else shown[: limit - 1] + "…"


def _harmless(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return character
    return character.encode("unicode_escape").decode("ascii")
