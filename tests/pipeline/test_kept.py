"""Kept pages come back as they went in, to the last bit; what is damaged counts as not kept; nothing is unpickled."""

import os
import pickle
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from extractors.pieces import cut_pieces
from extractors.views import (
    Block,
    BlockKind,
    Cell,
    DocumentGlyphs,
    TableView,
    TextView,
    plain_view,
)
from models.issues import Issue, Severity
from models.spans import Box, Span
from pipeline.document import ReadDocument
from pipeline.store.columns import ColumnsError, pack, unpack
from pipeline.store.kept import KeptPages, forget_pages, trim_pages
from pipeline.store.kept_views import pack_document, to_columns, unpack_document

SHA = "ab" * 32
any_text = st.text(alphabet=st.characters(), max_size=8)
floats = st.floats(allow_nan=False)
small = st.integers(0, 5)


@st.composite
def views(draw: st.DrawFn) -> TextView:
    n_glyphs = draw(st.integers(0, 12))
    text = draw(st.text(max_size=12))
    last = n_glyphs - 1
    origins = draw(st.lists(st.integers(-1, last), min_size=len(text), max_size=len(text)))
    left_out = draw(st.lists(st.integers(0, last), max_size=3)) if n_glyphs else []
    column = st.lists(floats, min_size=n_glyphs, max_size=n_glyphs)
    glyphs = DocumentGlyphs(
        text=tuple(draw(st.lists(any_text, min_size=n_glyphs, max_size=n_glyphs))),
        page=np.array(draw(st.lists(small, min_size=n_glyphs, max_size=n_glyphs)), dtype=np.int32),
        x0=np.array(draw(column), dtype=np.float64),
        top=np.array(draw(column), dtype=np.float64),
        x1=np.array(draw(column), dtype=np.float64),
        bottom=np.array(draw(column), dtype=np.float64),
        is_ocr=np.array(draw(st.lists(st.booleans(), min_size=n_glyphs, max_size=n_glyphs)), dtype=np.bool_),
    )
    n_tables = draw(st.integers(0, 2))
    blocks = draw(st.lists(blocks_over(len(text), n_tables), max_size=4)) if text else []
    return TextView(
        text=text,
        origins=np.array(origins, dtype=np.int32),
        glyphs=glyphs,
        blocks=tuple(blocks),
        tables=tuple(draw(tables_over(number, len(blocks))) for number in range(n_tables)),
        page_texts=tuple(draw(st.lists(any_text, max_size=3))),
        furniture=tuple(draw(st.lists(st.tuples(small, any_text), max_size=3))),
        left_out=np.array(left_out, dtype=np.int32),
    )


@st.composite
def blocks_over(draw: st.DrawFn, length: int, n_tables: int) -> Block:
    start = draw(st.integers(0, length - 1))
    cell = None
    if n_tables and draw(st.booleans()):
        table = draw(st.integers(0, n_tables - 1))
        cell = Cell(table, draw(small), draw(small), draw(any_text), draw(st.booleans()), draw(small), draw(small))
    span = Span(start, draw(st.integers(start + 1, length)))
    return Block(draw(st.sampled_from(BlockKind)), span, cell, draw(floats), draw(st.booleans()), draw(any_text))


@st.composite
def tables_over(draw: st.DrawFn, number: int, n_blocks: int) -> TableView:
    index = st.none() | st.integers(0, n_blocks - 1) if n_blocks else st.none()
    return TableView(
        number=number,
        caption=draw(any_text),
        headings=tuple(draw(st.lists(any_text, max_size=3))),
        rows=tuple(tuple(row) for row in draw(st.lists(st.lists(index, max_size=3), max_size=3))),
        n_header_rows=draw(small),
        repeated_rows=tuple(draw(st.lists(small, max_size=2))),
        boxes=tuple(Box(1, *edges) for edges in draw(st.lists(st.tuples(floats, floats, floats, floats), max_size=2))),
        is_ruled=draw(st.booleans()),
    )


issues = st.builds(
    Issue,
    code=st.just("page_failed"),
    severity=st.sampled_from(Severity),
    page=st.none() | small,
    message=any_text,
    context=st.dictionaries(any_text, any_text | small | st.none() | st.lists(small), max_size=2),
)
documents = st.builds(
    ReadDocument,
    view=views(),
    n_pages=small,
    needs_ocr=st.lists(small, max_size=2).map(tuple),
    unreadable=st.lists(small, max_size=2).map(tuple),
    issues=st.lists(issues, max_size=2).map(tuple),
)


def assert_same(one: object, other: object) -> None:
    """Compare by value, arrays bit by bit."""
    if isinstance(one, DocumentGlyphs) and isinstance(other, DocumentGlyphs):
        one, other = (replace(glyphs, text=tuple(glyphs.text)) for glyphs in (one, other))
    if isinstance(one, TextView) and isinstance(other, TextView):
        one, other = (replace(view, blocks=tuple(view.blocks)) for view in (one, other))
        assert one.headings() == replace(one, _headings=[]).headings()
        assert other.headings() == one.headings()
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()
    elif isinstance(one, (TextView, DocumentGlyphs, ReadDocument)):
        for field in fields(one):
            if not field.name.startswith("_") and field.name != "key":
                assert_same(getattr(one, field.name), getattr(other, field.name))
    else:
        assert one == other


@given(documents)
@settings(max_examples=200, deadline=None)
def test_what_goes_in_comes_out(read: ReadDocument) -> None:
    kept = unpack_document(pack_document(read))
    assert_same(kept, read)
    pieces, cut = kept.view.pieces(), cut_pieces(read.view.text)
    assert pieces.distinct == cut.distinct
    assert_same(pieces.numbers, cut.numbers)
    assert_same(pieces.starts, cut.starts)


@given(documents, documents)
@settings(max_examples=50, deadline=None)
def test_the_key_is_that_of_the_pages(read: ReadDocument, other: ReadDocument) -> None:
    packed, again, others = pack_document(read), pack_document(read), pack_document(other)
    assert unpack_document(packed).key == unpack_document(again).key
    assert (unpack_document(others).key == unpack_document(packed).key) is (others == packed)


def test_pieces_that_another_python_cut_are_cut_again() -> None:
    columns = to_columns(ReadDocument(plain_view("Italy and Greece"), 1))
    assert isinstance(columns.value, dict)
    for letters, n_kept in ((columns.value["letters"], 1), ("1.0.0", 0)):
        value = {**columns.value, "letters": letters, "pieces": [piece.upper() for piece in columns.value["pieces"]]}
        view = unpack_document(pack(type(columns)(columns.arrays, columns.texts, value))).view
        assert view.pieces().distinct == (("ITALY ", "AND ", "GREECE") if n_kept else ("Italy ", "and ", "Greece"))


@given(documents, st.data())
@settings(max_examples=100, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_a_damaged_file_is_refused(read: ReadDocument, data: st.DataObject) -> None:
    packed = bytearray(pack_document(read))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ColumnsError):
        unpack_document(bytes(packed))
    with pytest.raises(ColumnsError):
        unpack_document(pack_document(read)[:place])


def test_what_does_not_fit_together_is_refused() -> None:
    columns = to_columns(ReadDocument(plain_view("Italy and Greece"), 1))
    for name, value in (
        ("origin_shift", 99),
        ("block_end", 99),
        ("cell_table", 0),
        ("block_kind", 77),
        ("block_marker", 9),
    ):
        arrays = {**columns.arrays, name: np.full_like(columns.arrays[name], value)}
        with pytest.raises(ColumnsError):
            unpack_document(pack(type(columns)(arrays, columns.texts, columns.value)))
    short = {**columns.arrays, "origin_none": columns.arrays["origin_none"][1:]}
    with pytest.raises(ColumnsError):
        unpack_document(pack(type(columns)(short, columns.texts, columns.value)))
    for name in columns.arrays:
        arrays = {key: array for key, array in columns.arrays.items() if key != name}
        with pytest.raises(ColumnsError):
            unpack_document(pack(type(columns)(arrays, columns.texts, columns.value)))


def test_a_pickle_is_refused() -> None:
    with pytest.raises(ColumnsError):
        unpack(pickle.dumps(Bomb()))


class Bomb:
    """Would end the process if it were unpickled."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (99,)


def test_files_are_written_whole_and_read_back(tmp_path: Path) -> None:
    kept = KeptPages(str(tmp_path), "r1")
    assert kept.read(SHA) is None
    assert kept.write(SHA, b"pages")
    assert kept.read(SHA) == b"pages"
    assert KeptPages(str(tmp_path), "r2").read(SHA) is None
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".pages"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "ab" * 31])
def test_only_hashes_name_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no hash"):
        KeptPages(str(tmp_path), "r1").read(name)
    with pytest.raises(ValueError, match="no hash"):
        forget_pages(tmp_path, name)


def test_a_disk_that_takes_nothing_costs_no_document(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way")
    assert not KeptPages(str(tmp_path / "pages"), "r1").write(SHA, b"pages")


def test_least_recently_used_go_first(tmp_path: Path) -> None:
    kept = KeptPages(str(tmp_path), "r1")
    names = [f"{number:02x}" * 32 for number in range(4)]
    for age, name in enumerate(names):
        kept.write(name, b"x" * 100)
        os.utime(next(tmp_path.rglob(f"{name}.pages")), (age, age))
    kept.read(names[0])
    assert trim_pages(tmp_path, 250) == 2
    assert [kept.has(name) for name in names] == [True, False, False, True]


def test_forgetting_takes_all_reader_versions(tmp_path: Path) -> None:
    for version in ("r1", "r2"):
        KeptPages(str(tmp_path), version).write(SHA, b"pages")
    assert forget_pages(tmp_path, SHA) == 2
    assert not KeptPages(str(tmp_path), "r1").has(SHA)
