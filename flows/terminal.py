"""How words reach the terminal: plainly. Document text and file names are data there, never commands or markup.

Everything printed for people goes through a console made here, which interprets no markup, and ``plain``, which shows
control characters instead of sending them. JSON goes out as ASCII, so no escape sequence can hide in it.
"""

import json
import sys
import unicodedata

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

LOG_WIDTH = 160
# Control, format (right-to-left marks among them), surrogate and private characters, line and paragraph separators.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: object) -> str:
    r"""Return ``str(text)`` with every character that a terminal might obey written as an escape.

    >>> print(plain("red \x1b[31m alert, soft\u00adhyphen"))
    red \x1b[31m alert, soft\xadhyphen
    >>> print(plain("café – 3 €"))
    café – 3 €
    """
    return "".join(_shown(character) for character in str(text))


def _shown(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    if unicodedata.category(character) in UNPRINTABLE:
        return character.encode("unicode_escape").decode("ascii")
    return character


def open_console(*, stderr: bool = False) -> Console:
    """Return a console on standard output or error that prints what it is given; in a file, lines are of one width."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else LOG_WIDTH
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, width=width)


def print_json(value: object) -> None:
    """Print a value as JSON on standard output."""
    sys.stdout.write(json.dumps(value, indent=1, default=str) + "\n")


def make_table(*headings: str, title: str | None = None) -> Table:
    """Return an empty table with these headings; a heading that ends in ``#`` names a column of numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        is_number = heading.endswith("#")
        table.add_column(heading.rstrip("#"), justify="right" if is_number else "left", overflow="fold")
    return table


def add_row(table: Table, *cells: object) -> None:
    """Add a row of values to a table: ``None`` as nothing, fractions with two digits, everything else plainly."""
    table.add_row(*(Text(_in_cell(cell)) for cell in cells))


def _in_cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else plain(value)
