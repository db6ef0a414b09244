"""A file of named columns: numpy arrays, texts and one JSON value, compressed, checked when read, never unpickled.

Decimals are stored bit by bit: by runs of one value where these are long (a line's glyphs share their height),
else uncompressed, since their bits hardly shrink and take long to. A file that is cut short or damaged raises
``ColumnsError``.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAGIC = b"PESCOCOL1\n"
_LEVEL = 1
# Nothing that is kept comes near this; a damaged length must not ask for more.
_MAX_BYTES = 1 << 32
_DTYPES = {"f8", "i4", "u4", "u1", "b1"}
_WIDTHS = {"f8": 8, "i4": 4, "u4": 4, "u1": 1, "b1": 1, "text": 1, "json": 1, "lengths": 4, "runs": 8, "steps": 4}
_RAW, _ZIPPED = "raw", "zip"
# A column of decimals is stored by its runs when it has so many times more entries than runs.
_FEW = 4
_MAX_STEP = 1 << 31
Array = NDArray[np.generic]
# Long columns are not copied on their way to the file.
Data = bytes | memoryview


class ColumnsError(ValueError):
    """The bytes are no file of columns, or a damaged one."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What such a file holds."""

    arrays: Mapping[str, Array]
    texts: Mapping[str, str]
    value: object


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
    head = json.dumps([[*head, len(data)] for (head, _), data in zip(parts, packed, strict=True)]).encode()
    checksum = zlib.crc32(head)
    for part in packed:
        checksum = zlib.crc32(part, checksum)
    return b"".join([MAGIC, struct.pack("<II", len(head), checksum), head, *packed])


def _array_parts(name: str, array: Array, code: str) -> list[tuple[list[object], Data]]:
    """Return an array as one part, or as two (numbers of values, and the values) when it has few different ones."""
    if code == "f8":
        # By bits, so that every value comes back as it was.
        bits = np.ascontiguousarray(array).view(np.int64)
        starts = np.flatnonzero(np.concatenate(([True], bits[1:] != bits[:-1]))) if len(bits) else np.empty(0, np.int64)
        if len(starts) * _FEW < len(bits):
            lengths = np.diff(starts, append=len(bits))
            return [
                ([name, "lengths", len(starts), _ZIPPED], lengths.astype("<i4").tobytes()),
                ([name, "runs", len(starts), _RAW], array[starts].astype("<f8").tobytes()),
            ]
        return [([name, code, len(array), _RAW], np.ascontiguousarray(array, dtype="<f8").view(np.uint8).data)]
    if code == "i4" and len(array):
        steps = np.diff(array.astype(np.int64), prepend=0)
        if np.abs(steps).max() < _MAX_STEP:
            return [([name, "steps", len(array), _ZIPPED], steps.astype("<i4").tobytes())]
    return [([name, code, len(array), _ZIPPED], array.astype(_little_endian(code)).tobytes())]


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
    arrays: dict[str, Array] = {}
    texts: dict[str, str] = {}
    value: object = None
    lengths: Array | None = None
    for name, kind, part in _parts(data, start, head_length):
        if kind == "text":
            texts[name] = part.decode("utf-8", "surrogatepass")
        elif kind == "json":
            value = json.loads(part)
        elif kind == "lengths":
            lengths = np.frombuffer(part, dtype="<i4")
        else:
            arrays[name] = _array(kind, part, lengths)
    return Columns(arrays, texts, value)


def _array(kind: str, part: bytes, lengths: Array | None) -> Array:
    """Return the array behind a part; ``lengths`` are those of the runs in it, and stood in the part before it."""
    if kind == "runs":
        if lengths is None or int(lengths.sum()) > _MAX_BYTES // 8:
            raise ValueError("runs without lengths, or too long")
        return np.repeat(np.frombuffer(part, dtype="<f8").astype(np.float64), lengths.astype(np.int64))
    if kind == "steps":
        steps: Array = np.frombuffer(part, dtype="<i4")
        ends: Array = np.cumsum(steps, dtype=np.int64).astype(np.int32)
        return ends
    little = _little_endian(kind)
    return np.frombuffer(part, dtype=little).astype(little.newbyteorder("="))


def _parts(data: bytes, start: int, head_length: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield (name, kind, bytes) of each part."""
    position = start + head_length
    for name, kind, length, encoding, packed_length in json.loads(data[start:position]):
        size = int(length) * _WIDTHS[kind]
        if not 0 <= size < _MAX_BYTES:
            raise ValueError("impossible length")
        part = data[position : position + packed_length]
        if encoding == _ZIPPED:
            part = zlib.decompressobj().decompress(part, size + 1)
        if len(part) != size:
            raise ValueError("wrong length")
        position += packed_length
        yield str(name), str(kind), part


def _little_endian(code: str) -> np.dtype[np.generic]:
    return np.dtype("b1" if code == "b1" else f"<{code}")
