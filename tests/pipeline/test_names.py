"""A file name is data: whatever bytes it holds, it names one file, is stored, and does nothing."""

import os
import re
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.names import for_terminal, from_text, to_text
from pipeline.show import find_entity
from pipeline.store.invariants import find_violations
from pipeline.store.schema import open_reader
from tests.pipeline.planted_runs import make_options, run

HOSTILE = [
    b"line\nfeed.pdf",
    b"quote'and\"double.pdf",
    b"'; DROP TABLE mentions; --.pdf",
    b"<img src=x onerror=alert(1)>.pdf",
    b"=cmd|'calc'!A1.pdf",
    b"x\\..\\..\\etc\\passwd.pdf",
    b"escape\x1b[2J\x1b]0;title\x07.pdf",
    "right-to-left\u202efdp.exe.pdf".encode(),
    "zero\u200bwidth\u00ad.pdf".encode(),
    b"latin1-caf\xe9.pdf",
    b"\xff\xfe\x80.pdf",
    b"looks\\xe9escaped.pdf",
    b"looks\xe9escaped.pdf",
    b"a" * 251 + b".pdf",
    "\U0001f600".encode() * 62 + b"abc.pdf",
    b" leading and trailing .pdf",
    b"--workers.pdf",
    b"%s{0}$HOME`id`.pdf",
    b"tab\tand\rreturn.PdF",
]
pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="needs a system whose names are bytes")


def test_every_name_is_one_file_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, name in enumerate(HOSTILE):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(f"good 1 w{number}")
    summary, _ = run(folder, make_options(tmp_path / "pesco.db"))
    assert (summary.documents, summary.exit_code) == (len(HOSTILE), 0)
    with closing(open_reader(tmp_path / "pesco.db")) as db:
        assert find_violations(db) == []
        stored = {from_text(row[0]) for row in db.execute("SELECT path FROM files WHERE status = 'loaded'")}
        names = {row[0] for row in db.execute("SELECT filename FROM files")}
    assert stored == {Path(os.fsdecode(os.fsencode(folder) + b"/" + name)) for name in HOSTILE}
    readable = [name.decode() for name in HOSTILE if is_utf8(name) and b"\\x" not in name]
    assert [name for name in readable if name not in names] == []
    assert not run(folder, make_options(tmp_path / "pesco.db"))[0].has_changed
    for name in readable:
        assert find_entity(tmp_path / "pesco.db", name).kind == "document"


def is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


file_names = (
    st.binary(min_size=1, max_size=40)
    .map(lambda raw: raw.translate(None, b"\0/"))
    .filter(lambda raw: raw not in (b"", b".", b".."))
)
tricky = st.lists(st.sampled_from([b"\\", b"x", b"e9", b"\xe9", b"5c", b"\\xe9", b"\\x5c"]), min_size=1).map(b"".join)


@given(file_names | tricky)
def test_a_name_comes_back_byte_by_byte(raw: bytes) -> None:
    text = to_text(os.fsdecode(raw))
    text.encode("utf-8")
    assert os.fsencode(from_text(text)) == raw


@given(file_names | tricky, file_names | tricky)
def test_two_names_never_share_a_text(one: bytes, other: bytes) -> None:
    assume(one != other)
    assert to_text(os.fsdecode(one)) != to_text(os.fsdecode(other))


@given(st.text(max_size=300))
def test_what_is_printed_moves_no_cursor(text: str) -> None:
    shown = for_terminal(text)
    assert len(shown.splitlines()) <= 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
