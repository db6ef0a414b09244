"""Content streams at random: mostly what producers write, partly what no producer should."""

from random import Random

PAGES = (
    b"/MediaBox [0 0 595 842]",
    b"/MediaBox [0 0 595 842] /Rotate 90",
    b"/MediaBox [10 20 500 700] /Rotate 180",
    b"/MediaBox [-5.5 7.25 595 842] /Rotate 270",
    b"/MediaBox [10 20.5 500 700] /CropBox [50 50 400 400]",
    b"/MediaBox [595 842 0 0]",
)
_ODD_NUMBERS = ("-", ".", "--5", "1-2", "1.2.3", "1e5", "true", "null", "(7)", "/N", "[1]", "<</A 1>>")
_CODES = ("0001", "0002", "0003", "0010", "0011", "001F", "0030", "0031", "0032", "41", "20", "4 1", "1")
_PLAIN = 'abc def  "#$%&{}[]<>/'
_ESCAPES = ("\\(", "\\)", "\\\\", "\\n", "\\101", "\\7", "\\12", "\\z", "\\\n", "(x)", "(a(b)c)", "()")
_ODD_TEXT = ("\\8", "\\\r\n", "\\777", "\n", "\r\n", "\x00", "\xe9")
_TRACELESS = (
    "0 g", "1 0 0 RG", "/GS gs", "/P <</MCID 1/B[(a)<41>]>>BDC", "EMC", "/OC /M BDC", "[3 2] 0 d", "[] 0 d", "1 w",
    "/Cs cs", "0.1 0.2 0.3 scn", "/P1 scn", "1 J",
)  # fmt: skip
_ODD_STATEMENTS = (
    "zz", "{", "}", ")", ">>", "1 2 foo", "\x00", "#", "% comment (x\n", "Tm", "1 Td", "(a) TJ", "[(a)] Tj", "T_a",
    "ID", "EI", "f_a", "BI /W 1 /H 1 /BPC 8 /CS /G ID \x41 EI",
)  # fmt: skip


class ContentWriter:
    """Writes content from a seed. ``oddness`` is the share of tokens that no producer should write."""

    def __init__(self, seed: int, oddness: float) -> None:
        self._random = Random(seed)
        self._oddness = oddness

    def page(self) -> bytes:
        """Return the page's boxes and rotation."""
        return self._random.choice(PAGES)

    def streams(self) -> list[bytes]:
        """Return content in one stream, in some, or in one cut at random."""
        count = self._random.choice((1, 1, 1, 3))
        parts = [self.content() for _ in range(count)]
        if count == 1 or self._random.random() < 0.5:
            return parts
        whole = b" ".join(parts)
        low, high = sorted(self._random.randrange(len(whole) + 1) for _ in range(2))
        return [whole[:low], whole[low:high], whole[high:]]

    def forms(self) -> dict[str, bytes]:
        """Return a form, an image and a form that calls itself."""
        image = b"<< /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray >>|abcd"
        shift = self._random.randint(0, 90)
        calls = b"/Resources << /XObject << /X0 22 0 R /X2 23 0 R >> >>"
        return {
            "X0": b"<< /Subtype /Form /BBox [0 0 100 100] /Matrix [1 0 0 1 %d 5] >>|" % shift + self.content(),
            "X1": image,
            "X2": b"<< /Subtype /Form /BBox [0 0 10 10] " + calls + b" >>|" + self.content(),
        }

    def content(self) -> bytes:
        """Return one stream."""
        head = "/F1 12 Tf 1 0 0 1 50 700 Tm " if self._random.random() < 0.8 else ""
        statements = [self._statement() for _ in range(self._random.choice((3, 8, 20)))]
        return (head + self._blank().join(statements)).encode("latin-1")

    def _is_odd(self) -> bool:
        return self._random.random() < self._oddness

    def _number(self) -> str:
        if self._is_odd():
            return self._random.choice(_ODD_NUMBERS)
        kind = self._random.random()
        if kind < 0.4:
            return str(self._random.randint(-200, 600))
        if kind < 0.8:
            return f"{self._random.uniform(-100, 600):.{self._random.randint(0, 6)}f}"
        if kind < 0.9:
            return self._random.choice(("0", "1", "-1", ".5", "-.5", "5.", "+3", "0.0", "-0"))
        return f"{self._random.uniform(0, 20):.3f}"

    def _numbers(self, count: int) -> str:
        return self._blank().join(self._number() for _ in range(count))

    def _blank(self) -> str:
        return " %c\n" if self._is_odd() else self._random.choice((" ", " ", "\n", "\r\n", "  ", "\t", "\f"))

    def _string(self) -> str:
        if self._random.random() < 0.4:
            codes = [self._random.choice(_CODES[:9] if not self._is_odd() else _CODES) for _ in range(4)]
            return "<" + "".join(codes[: self._random.randint(0, 4)]) + ">"
        text = ""
        for _ in range(self._random.choice((0, 1, 2, 3, 8))):
            odd = self._is_odd()
            text += self._random.choice(_ODD_TEXT if odd else _PLAIN if self._random.random() < 0.8 else _ESCAPES)
        return f"({text})"

    def _array(self) -> str:
        items = ""
        for _ in range(self._random.choice((0, 1, 2, 3, 6))):
            item = self._string() if self._random.random() < 0.6 else self._number() + self._blank()
            items += self._random.choice(("/X", "[1]", "foo ")) if self._is_odd() else item
        return f"[{items}]"

    def _statement(self) -> str:
        if self._is_odd():
            return self._random.choice(_ODD_STATEMENTS)
        return self._random.choice(
            (
                self._text_state,
                self._text_state,
                self._move,
                self._move,
                self._show,
                self._show,
                self._paint,
                self._other,
                self._row,
            )
        )()

    def _row(self) -> str:
        """Return what producers write around a piece of text or an area, with some of its parts left out."""
        choose = self._random.choice
        clip = f"{self._numbers(4)} re {choice} n" if (choice := choose(("W", "W*", ""))) else ""
        font = f"/F{choose((1, 1, 2, 3, 3, 5))} {self._number()} Tf"
        place = f"1 0 0 1 {self._numbers(2)} Tm" if self._random.random() < 0.8 else f"{self._numbers(6)} Tm"
        between = choose(("", "0 g", "0.1 0.2 .3 rg", "0.5 G", "2 Tc", "1 0 0 1 5 5 cm"))
        closing = choose(("ET Q", "ET Q", "ET EMC Q", "ET", "", "f", "f*"))
        area = f"{self._numbers(4)} re {choose(('f', 'f*', 'S'))}" if choose((True, False)) else ""
        text = ("BT", font, place, between, self._show(), closing) if self._random.random() < 0.8 else (area,)
        parts = (
            choose(("Q", "", "")), area, choose(("q", "q", "")), choose(("", "EMC")), clip,
            choose(("", "/P <</MCID 1>>BDC")), *text,
        )  # fmt: skip
        return self._blank().join(part for part in parts if part)

    def _text_state(self) -> str:
        name = self._random.choice((1, 1, 2, 3, 3, 5)) if not self._is_odd() else 4
        operator = self._random.choice(("Tc", "Tw", "Tz", "TL", "Ts", "Tr"))
        return self._random.choice((f"/F{name} {self._number()} Tf", f"{self._number()} {operator}"))

    def _move(self) -> str:
        kinds = (
            f"{self._numbers(6)} Tm", f"1 0 0 1 {self._numbers(2)} Tm", f"{self._numbers(2)} Td",
            f"{self._numbers(2)} TD", "T*", "BT", "ET",
        )  # fmt: skip
        return self._random.choice(kinds)

    def _show(self) -> str:
        gap = self._random.choice(("", " "))
        kinds = (
            f"{self._array()}{gap}TJ", f"{self._array()}{gap}TJ", f"{self._string()}{gap}Tj", f"{self._string()}'",
            f'{self._numbers(2)}{self._string()}"',
        )  # fmt: skip
        return self._random.choice(kinds)

    def _paint(self) -> str:
        paint = self._random.choice(("f", "S", "n", "W n", "f*", "B", "b", "s", "b*", ""))
        lines = " ".join(f"{self._numbers(2)} l" for _ in range(self._random.randint(0, 5)))
        close = self._random.choice(("h ", ""))
        kinds = (
            f"{self._numbers(4)} re {paint}", f"{self._numbers(4)} re {self._numbers(4)} re {paint}",
            f"{self._numbers(2)} m {lines} {close}{paint}", f"{self._numbers(6)} c", f"{self._numbers(4)} v",
            f"0 0 m 0 9 l 9 9 l 9 0 l h {paint}", f"0 0 m 0 9 l 9 9 l 9 0 l 0 0 l {close}{paint}",
        )  # fmt: skip
        return self._random.choice(kinds)

    def _other(self) -> str:
        matrix = f"1 0 0 1 {self._numbers(2)} cm" if self._random.random() < 0.7 else f"{self._numbers(6)} cm"
        kinds = (matrix, "q", "Q", f"/X{self._random.randint(0, 3)} Do", self._random.choice(_TRACELESS))
        return self._random.choice(kinds)
