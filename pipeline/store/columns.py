"""A file of named columns: numpy arrays, texts and one JSON value, checked when read, never unpickled.

A column is stored by runs of one value where these are long (a line's glyphs share their height, a page's its number),
else decimals bit by bit, since their bits hardly shrink, and integers by their steps where most fit a byte. What need
not be unpacked is not copied either: such a column lies in the bytes of the file, at multiples of eight. A file that is
cut short or damaged raises ``ColumnsError``.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"PESCOCOL2\n"
_LEVEL = 1
# Nothing that is kept comes near this; a damaged length must not ask for more.
_MAX_BYTES = 1 << 32
_DTYPES = {"f8", "i4", "u4", "u2", "u1", "b1"}
_WIDTHS = {"f8": 8, "i4": 4, "u4": 4, "u2": 2, "u1": 1, "b1": 1, "text": 1, "json": 1, "lengths": 4, "steps": 1}
_WIDTHS |= {f"runs-{code}": _WIDTHS[code] for code in _DTYPES} | {"far": 4}
_RAW, _ZIPPED = "raw", "zip"
# A column is stored by its runs when it has so many times more entries than runs, by its steps when so many times more
# than steps that fit no byte.
_FEW = 4
_FAR = -128
_MAX_STEP = 1 << 31
_ALIGN = 8
Array = NDArray[np.generic]
# Long columns are not copied on their way to the file.
Data = bytes | memoryview


class ColumnsError(ValueError):
    """The bytes are no file of columns, or a damaged one."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What such a file holds. ``key`` is a hash of all of it, once it is packed."""

    arrays: Mapping[str, Array]
    texts: Mapping[str, str]
    value: object
    key: str = ""


def pack(columns: Columns) -> bytes:
    """Return the bytes of a file of columns."""
    parts: list[tuple[list[object], Data]] = []
    for name, array in columns.arrays.items():
        code = array.dtype.str[1:]
        if array.ndim != 1 or code not in _DTYPES:
            raise ValueError(f"no column: {name}, {array.dtype}")
        parts += _array_parts(name, array, code)
    for name, text in columns.texts.items():
        data = text.encode("utf-8", "surrogatepass")
        parts.append(([name, "text", len(data), _ZIPPED], data))
    data = json.dumps(columns.value, ensure_ascii=True, separators=(",", ":")).encode()
    parts.append((["", "json", len(data), _ZIPPED], data))
    packed = [data if head[3] == _RAW else zlib.compress(data, _LEVEL) for head, data in parts]
    heads = [[*head, len(data)] for (head, _), data in zip(parts, packed, strict=True)]
    key = hashlib.sha256(json.dumps(heads).encode())
    for part in packed:
        key.update(part)
    head = json.dumps({"key": key.hexdigest(), "parts": heads}).encode()
    head += b" " * (-(len(MAGIC) + 8 + len(head)) % _ALIGN)
    padded = [piece for part in packed for piece in (part, bytes(-len(part) % _ALIGN))]
    checksum = zlib.crc32(head)
    for piece in padded:
        checksum = zlib.crc32(piece, checksum)
    return b"".join([MAGIC, struct.pack("<II", len(head), checksum), head, *padded])


def _array_parts(name: str, array: Array, code: str) -> list[tuple[list[object], Data]]:
    """Return an array as one part, or as two: lengths and values of its runs, or its steps and those that fit no byte.

    The first of two has no name.
    """
    # By bits, so that every decimal comes back as it was.
    bits = np.ascontiguousarray(array).view(np.int64) if code == "f8" else array
    starts = np.flatnonzero(np.concatenate(([True], bits[1:] != bits[:-1]))) if len(bits) else np.empty(0, np.int64)
    if len(starts) * _FEW < len(bits):
        lengths = np.diff(starts, append=len(bits))
        return [
            (["", "lengths", len(starts), _ZIPPED], lengths.astype("<i4").tobytes()),
            ([name, f"runs-{code}", len(starts), _RAW], array[starts].astype(_little_endian(code)).tobytes()),
        ]
    if code == "i4" and len(array):
        steps = np.diff(array.astype(np.int64), prepend=0)
        is_far = (steps <= _FAR) | (steps > -_FAR - 1)
        if np.count_nonzero(is_far) * _FEW < len(steps) and np.abs(steps).max() < _MAX_STEP:
            return [
                (["", "steps", len(steps), _ZIPPED], np.where(is_far, _FAR, steps).astype("i1").tobytes()),
                ([name, "far", int(np.count_nonzero(is_far)), _RAW], steps[is_far].astype("<i4").tobytes()),
            ]
    # Bits of characters hardly shrink either.
    encoding = _ZIPPED if code == "b1" else _RAW
    data = np.ascontiguousarray(array, dtype=_little_endian(code)).view(np.uint8).data
    return [([name, code, len(array), encoding], data)]


def key_of(data: bytes) -> str:
    """Return the key of what ``pack`` packed."""
    start = len(MAGIC) + 8
    head_length, _ = struct.unpack("<II", data[len(MAGIC) : start])
    return str(json.loads(data[start : start + head_length])["key"])


def unpack(data: bytes) -> Columns:
    """Return what ``pack`` packed; raises ``ColumnsError``."""
    try:
        return _unpack(data)
    except (ValueError, KeyError, TypeError, struct.error, zlib.error, UnicodeDecodeError, MemoryError) as error:
        raise ColumnsError(f"no file of columns: {error}") from error


def _unpack(data: bytes) -> Columns:
    start = len(MAGIC) + 8
    if data[: len(MAGIC)] != MAGIC:
        raise ValueError("other beginning")
    head_length, checksum = struct.unpack("<II", data[len(MAGIC) : start])
    if zlib.crc32(memoryview(data)[start:]) != checksum:
        raise ValueError("wrong checksum")
    head = json.loads(data[start : start + head_length])
    arrays: dict[str, Array] = {}
    texts: dict[str, str] = {}
    value: object = None
    before: Data = b""
    for name, kind, part in _parts(data, start + head_length, head["parts"]):
        if kind == "text":
            texts[name] = str(part, "utf-8", "surrogatepass")
        elif kind == "json":
            value = json.loads(bytes(part))
        elif kind in ("lengths", "steps"):
            before = part
        else:
            arrays[name] = _array(kind, part, before)
    return Columns(arrays, texts, value, str(head["key"]))


def _array(kind: str, part: Data, before: Data) -> Array:
    """Return the array behind a part; ``before`` is the part before it, which runs and steps need."""
    if kind.startswith("runs-"):
        lengths = np.frombuffer(before, dtype="<i4").astype(np.int64)
        if int(lengths.sum()) > _MAX_BYTES // 8:
            raise ValueError("runs that are too long")
        return np.repeat(_plain(kind.removeprefix("runs-"), part), lengths)
    if kind == "far":
        steps = np.frombuffer(before, dtype="i1").astype(np.int32)
        steps[steps == _FAR] = np.frombuffer(part, dtype="<i4")
        ends: Array = np.cumsum(steps, dtype=np.int32)
        return ends
    return _plain(kind, part)


def _plain(code: str, part: Data) -> Array:
    """Return the array whose bytes these are, which nobody may write to."""
    little = _little_endian(code)
    return np.frombuffer(part, dtype=little).astype(little.newbyteorder("="), copy=False)


def _parts(data: bytes, position: int, heads: Iterable[Sequence[Any]]) -> Iterator[tuple[str, str, Data]]:
    """Yield (name, kind, bytes) of each part."""
    view = memoryview(data)
    for name, kind, length, encoding, packed_length in heads:
        size = int(length) * _WIDTHS[kind]
        if not 0 <= size < _MAX_BYTES:
            raise ValueError("impossible length")
        part: Data = view[position : position + packed_length]
        if encoding == _ZIPPED:
            part = zlib.decompressobj().decompress(part, size + 1)
        if len(part) != size:
            raise ValueError("wrong length")
        position += packed_length + -packed_length % _ALIGN
        yield str(name), str(kind), part


def _little_endian(code: str) -> np.dtype[np.generic]:
    return np.dtype("b1" if code == "b1" else f"<{code}")
