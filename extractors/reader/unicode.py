"""``ToUnicode`` maps by range instead of by code.

Enters the decoded stream, leaves a map that answers as pdfminer's would; a map in a shape that is not the usual one is
refused, and pdfminer's parser reads it.
"""

import re

from pdfminer.cmapdb import UnicodeMap

_MAX_ENTRIES = 2000
_MAX_CODE = 2**32

_COMMENT_LINE = re.compile(rb"(?m)^%[^\r\n]*+")
_BLOCK = re.compile(rb"beginbf(char|range)\b((?:[\s\[\]]++|<[0-9A-Fa-f]*+>)*+)endbf\1\b")
_OTHER = re.compile(rb"beginbf|endbf|usecmap|begincid|endcid|[%#{}\\]")
_HEX = rb"\s*+<([0-9A-Fa-f]*+)>"
_PAIR = re.compile(_HEX + _HEX)
_RANGE = re.compile(_HEX + _HEX + rb"(?:" + _HEX + rb"|\s*+\[((?:\s*+<[0-9A-Fa-f]*+>)*+)\s*+\])")
_CODE = re.compile(_HEX)
# A block is matched as a whole first: what is then searched has no blanks to search in vain.
_PAIRS = re.compile(rb"(?:" + _PAIR.pattern + rb")*+")
_RANGES = re.compile(rb"(?:" + _RANGE.pattern + rb")*+")

# Codes one by one, or (first, last, what the first stands for).
Entry = dict[int, bytes] | tuple[int, int, bytes]


class RangeUnicodeMap(UnicodeMap):
    """Keeps ranges and expands a code when it is asked for."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__()
        self._entries = entries

    def get_unichr(self, cid: int) -> str:
        """Return what a code stands for; raises ``KeyError``. Later entries win, as in pdfminer."""
        if cid in self.cid2unichr:
            return self.cid2unichr[cid]
        found: str | None = None
        for entry in self._entries:
            code = _code_of(entry, cid)
            if code is None:
                continue
            text = code.decode("UTF-16BE", "ignore")
            # As pdfminer does: a no-break space never replaces a space.
            if not (text == "\u00a0" and found == " "):
                found = text
        if found is None:
            raise KeyError(cid)
        self.cid2unichr[cid] = found
        return found


def _code_of(entry: Entry, cid: int) -> bytes | None:
    if isinstance(entry, dict):
        return entry.get(cid)
    first, last, base = entry
    if not first <= cid <= last:
        return None
    tail = int.from_bytes(base[-4:], "big") + cid - first
    return base[:-4] + tail.to_bytes(8, "big")[-min(len(base), 4) :]


def read_unicode_map(data: bytes) -> RangeUnicodeMap | None:
    """Return a ``ToUnicode`` map in the usual shape, or ``None`` for one that pdfminer's parser should read."""
    data = _COMMENT_LINE.sub(b"", data) + b"\n"
    blocks = _BLOCK.findall(data)
    rest = _BLOCK.sub(b" ", data)
    if _OTHER.search(rest) or rest.count(b"(") != rest.count(b")"):
        return None
    if data.count(b"begincmap") > 1 or data.count(b"endcmap") > 1 or data.rfind(b"endbf") > data.find(b"endcmap") > 0:
        return None
    entries: list[Entry] = []
    try:
        is_read = all(_read_chars(b, entries) if kind == b"char" else _read_ranges(b, entries) for kind, b in blocks)
    except ValueError:
        return None
    return RangeUnicodeMap(entries) if is_read and len(entries) <= _MAX_ENTRIES else None


def _read_chars(block: bytes, entries: list[Entry]) -> bool:
    """Add a block of single codes; return whether it is nothing but pairs. Raises ``ValueError`` for odd digits."""
    block = block.strip()
    if not _PAIRS.fullmatch(block):
        return False
    chars: dict[int, bytes] = {}
    for cid, code in _PAIR.findall(block):
        key = int.from_bytes(_from_hex(cid), "big")
        # A code named twice goes through pdfminer's rule for no-break spaces, so it is an entry of its own.
        if key in chars:
            entries.append(chars)
            chars = {}
        chars[key] = _from_hex(code)
    entries.append(chars)
    return True


def _read_ranges(block: bytes, entries: list[Entry]) -> bool:
    """Add a block of ranges; return whether it is nothing but ranges. Raises ``ValueError`` for odd digits."""
    block = block.strip()
    if not _RANGES.fullmatch(block):
        return False
    for first, last, code, codes in _RANGE.findall(block):
        if len(first) != len(last):
            continue
        start, end = int.from_bytes(_from_hex(first), "big"), int.from_bytes(_from_hex(last), "big")
        if codes:
            listed = [_from_hex(item) for item in _CODE.findall(codes)]
            entries.append({start + i: item for i, item in enumerate(listed[: max(0, end - start + 1)])})
            continue
        base = _from_hex(code)
        if not base or int.from_bytes(base[-4:], "big") + max(0, end - start) >= _MAX_CODE:
            return False
        entries.append((start, end, base))
    return True


def _from_hex(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode("ascii"))
