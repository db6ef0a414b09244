"""Small PDFs written by hand, for tests that need control over every byte of a content stream."""

from collections.abc import Mapping

_FONTS = {
    "F1": b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    "F2": b"<< /Type /Font /Subtype /TrueType /BaseFont /Own /FirstChar 32 /LastChar 40 /Widths [250 300 350 400 450 "
    b"500 550 600 650] /FontDescriptor << /Type /FontDescriptor /FontName /Own /Flags 32 /Ascent 800 /Descent -200 "
    b"/FontBBox [0 -200 1000 800] >> >>",
    "F3": b"<< /Type /Font /Subtype /Type0 /BaseFont /Wide /Encoding /Identity-H /ToUnicode 9 0 R /DescendantFonts [<< "
    b"/Type /Font /Subtype /CIDFontType2 /BaseFont /Wide /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
    b"/Supplement 0 >> /DW 600 /W [1 [500 520 540] 10 20 700] /FontDescriptor << /FontName /Wide /Descent -210 >> >>] "
    b">>",
    "F4": b"<< /Type /Font /Subtype /Type0 /BaseFont /Tall /Encoding /Identity-V /ToUnicode 9 0 R /DescendantFonts [<< "
    b"/Type /Font /Subtype /CIDFontType2 /BaseFont /Tall /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
    b"/Supplement 0 >> /FontDescriptor << /FontName /Tall /Descent -210 >> >>] >>",
}
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
1 begincodespacerange <0000> <FFFF> endcodespacerange
3 beginbfchar <0001> <0041> <0002> <00660069> <0003> <00A0> endbfchar
2 beginbfrange <0010> <0020> <0061> <0030> <0032> [<0020> <00A0> <D83DDE00>] endbfrange
1 beginbfchar <0030> <00A0> endbfchar
endcmap end end"""


def make_pdf(
    content: bytes | list[bytes],
    *,
    page: bytes = b"/MediaBox [0 0 595 842]",
    forms: Mapping[str, bytes] | None = None,
    to_unicode: bytes = _TO_UNICODE,
) -> bytes:
    """Return a PDF of one page. ``forms`` maps names to whole stream dictionaries and data, as ``b"<<...>>|data"``."""
    parts = content if isinstance(content, list) else [content]
    first = 20
    forms = forms or {}
    first_form = first + len(parts)
    names = b" ".join(f"/{name} {first_form + i} 0 R".encode() for i, name in enumerate(forms))
    fonts = b" ".join(f"/{name} {i + 4} 0 R".encode() for i, name in enumerate(_FONTS))
    contents = b" ".join(f"{first + i} 0 R".encode() for i in range(len(parts)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R %s /Contents [%s] /Resources << /Font << %s >> /XObject << %s >> >> >>"
        % (page, contents, fonts, names),
        9: make_stream(b"<< >>", to_unicode),
    }
    objects |= {i + 4: spec for i, spec in enumerate(_FONTS.values())}
    objects |= {first + i: make_stream(b"<< >>", part) for i, part in enumerate(parts)}
    objects |= {first_form + i: make_stream(*form.split(b"|", 1)) for i, form in enumerate(forms.values())}
    return assemble(objects)


def make_stream(dictionary: bytes, data: bytes) -> bytes:
    """Return a stream object of a dictionary, to which the length is added."""
    head = dictionary.rstrip()[:-2] + b" /Length %d >>" % len(data)
    return head + b"\nstream\n" + data + b"\nendstream"


def assemble(objects: Mapping[int, bytes]) -> bytes:
    """Return a PDF of these objects, by their numbers; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    offsets: dict[int, int] = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
