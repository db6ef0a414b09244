"""A file of named columns: numpy arrays, texts and one JSON value, compressed, checked when read, never unpickled.

Wide columns are stored byte by byte over all values, which compresses them well and loses nothing. A file that is cut
short or damaged raises ``ColumnsError``.
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
Array = NDArray[np.generic]


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
    parts: list[bytes] = []
    heads: list[list[object]] = []
    for name, array in columns.arrays.items():
        code = array.dtype.str[1:]
        if array.ndim != 1 or code not in _DTYPES:
            raise ValueError(f"no column: {name}, {array.dtype}")
        heads.append([name, code, len(array)])
        parts.append(_shuffled(array.astype(f"<{code}" if code != "b1" else "b1")))
    for name, text in columns.texts.items():
        data = text.encode("utf-8", "surrogatepass")
        heads.append([name, "text", len(data)])
        parts.append(data)
    data = json.dumps(columns.value, ensure_ascii=True, separators=(",", ":")).encode()
    heads.append(["", "json", len(data)])
    parts.append(data)
    packed = [zlib.compress(part, _LEVEL) for part in parts]
    head = json.dumps([[*head, len(part)] for head, part in zip(heads, packed, strict=True)]).encode()
    body = b"".join(packed)
    return MAGIC + struct.pack("<II", len(head), zlib.crc32(head + body)) + head + body


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
    if zlib.crc32(data[start:]) != checksum:
        raise ValueError("wrong checksum")
    arrays: dict[str, Array] = {}
    texts: dict[str, str] = {}
    value: object = None
    for name, code, length, part in _parts(data, start, head_length):
        if code == "text":
            texts[name] = part.decode("utf-8", "surrogatepass")
        elif code == "json":
            value = json.loads(part)
        elif code in _DTYPES:
            arrays[name] = _unshuffled(part, code, length)
        else:
            raise ValueError(f"unknown kind of column {code!r}")
    return Columns(arrays, texts, value)


def _parts(data: bytes, start: int, head_length: int) -> Iterator[tuple[str, str, int, bytes]]:
    """Yield (name, kind, length, bytes) of each column."""
    position = start + head_length
    for name, code, length, packed_length in json.loads(data[start:position]):
        size = int(length) * (int(code[1:]) if code in _DTYPES else 1)
        if not 0 <= size < _MAX_BYTES:
            raise ValueError("impossible length")
        expand = zlib.decompressobj()
        part = expand.decompress(data[position : position + packed_length], size + 1)
        if len(part) != size:
            raise ValueError("wrong length")
        position += packed_length
        yield str(name), str(code), int(length), part


def _shuffled(array: Array) -> bytes:
    """Return the first bytes of all values, then the second bytes, and so on."""
    width = array.dtype.itemsize
    if width == 1:
        return array.tobytes()
    return np.ascontiguousarray(np.ascontiguousarray(array).view(np.uint8).reshape(-1, width).T).tobytes()


def _unshuffled(data: bytes, code: str, length: int) -> Array:
    """Return the values that ``_shuffled`` took apart, in an array of its own."""
    width = int(code[1:])
    rows = np.frombuffer(data, dtype=np.uint8).reshape(width, length).T
    native = np.dtype(f"<{code}" if code != "b1" else "b1")
    array: Array = np.ascontiguousarray(rows).reshape(-1).view(native)
    return array.astype(native.newbyteorder("="), copy=False)
