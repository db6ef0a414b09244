r"""Searching the text of all pages: what a reader types becomes an expression of FTS5 that is never wrong.

Words must all be on the page, in any order; words in double quotes stand together; ``OR`` between two gives either,
a minus before one leaves out pages with it, an asterisk behind one takes all words that begin so. Any other sign is
a blank. Case and accents do not matter.
"""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.room.rows import Slice, fetch

PAGE_SIZE = 20
MAX_LENGTH = 200
_TERM = re.compile(r'(-?)("[^"]*"?|[^\s"]+)')
_WORD = re.compile(r"\w+")
# Signs that no printed text holds, round each word found.
_OPEN, _CLOSE = "\x02", "\x03"
_MARKED = re.compile(f"{_OPEN}(.*?){_CLOSE}", re.DOTALL)

HITS = f"""
SELECT p.document_id, p.page, d.filename, d.title, d.kind, d.year,
       snippet(pages_fts, 0, '{_OPEN}', '{_CLOSE}', ' … ', 40) AS snippet
FROM pages_fts JOIN pages p ON p.id = pages_fts.rowid JOIN documents d ON d.id = p.document_id
WHERE pages_fts MATCH :match AND (:kind = '' OR d.kind = :kind)
ORDER BY bm25(pages_fts), d.filename, p.document_id, p.page LIMIT :limit OFFSET :offset
"""
KINDS = """
SELECT coalesce(d.kind, '') AS kind, count(*) AS pages
FROM pages_fts JOIN pages p ON p.id = pages_fts.rowid JOIN documents d ON d.id = p.document_id
WHERE pages_fts MATCH :match GROUP BY d.kind ORDER BY pages DESC, kind
"""
THINGS = """
SELECT DISTINCT 'projects' AS kind, n.project AS id, p.name FROM project_names n JOIN projects p ON p.slug = n.project
WHERE instr(lower(n.name), lower(:words)) > 0 OR n.project = lower(:words)
UNION ALL
SELECT 'states', code, name FROM states WHERE lower(name) = lower(:words) OR code = :words
UNION ALL
SELECT 'commitments', CAST(number AS TEXT), summary FROM commitments
WHERE lower(:words) IN ('commitment ' || number, CAST(number AS TEXT))
LIMIT 8
"""


@dataclass(frozen=True, slots=True)
class Expression:
    """What was asked for: ``match`` for FTS5, empty when there is no word in it, and the ``words`` to mark."""

    match: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A page with the words; ``snippet`` has them between marks."""

    document_id: str
    page: int
    filename: str
    title: str | None
    kind: str | None
    year: int | None
    snippet: str

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """Return the snippet in pieces, each with whether it is one of the words."""
        return split_snippet(self.snippet)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many pages of a kind of document have the words."""

    kind: str
    pages: int


@dataclass(frozen=True, slots=True)
class Thing:
    """A project, state or commitment of the name that was typed; ``kind`` is the beginning of its address."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: a page of hits, how many there are by kind of document, and things of that name."""

    expression: Expression
    hits: list[Hit]
    kinds: list[KindCount]
    things: list[Thing]
    slice: Slice


def parse(asked: str) -> Expression:
    """Return what a reader typed as an expression.

    >>> parse('Military mobility "rapid response" -test').match
    '("Military" AND "mobility" AND "rapid response") NOT "test"'
    >>> parse("cyber* OR co-ordinate").match
    '("cyber"* OR "co ordinate")'
    >>> parse('") NEAR( *').match, parse("-only").match, parse('a"').match
    ('"NEAR"*', '', '"a"')
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    words: list[str] = []
    is_or = False
    for minus, term in _TERM.findall(asked[:MAX_LENGTH]):
        if term == "OR":
            is_or = bool(wanted)
            continue
        found = _WORD.findall(term)
        if not found:
            continue
        phrase = f'"{" ".join(found)}"' + ("*" if term.rstrip('"').endswith("*") else "")
        if minus:
            unwanted.append(phrase)
            continue
        words.append(phrase)
        wanted.append(f"OR {phrase}" if is_or else f"AND {phrase}" if wanted else phrase)
        is_or = False
    if not wanted:
        return Expression("", ())
    match = " ".join(wanted)
    match = f"({match})" if len(wanted) > 1 else match
    return Expression(match + "".join(f" NOT {phrase}" for phrase in unwanted), tuple(words))


def search(connection: sqlite3.Connection, asked: str, kind: str, number: int) -> Answer:
    """Return page ``number`` of the hits, the best first; no hit for an expression without words."""
    expression = parse(asked)
    things = fetch(connection, Thing, THINGS, words=asked.strip()[:MAX_LENGTH]) if len(asked.strip()) > 1 else []
    if not expression.match:
        return Answer(expression, [], [], things, Slice(1, PAGE_SIZE, 0))
    kinds = fetch(connection, KindCount, KINDS, match=expression.match)
    total = sum(one.pages for one in kinds if kind in ("", one.kind))
    part = Slice(number, PAGE_SIZE, total)
    hits = fetch(connection, Hit, HITS, match=expression.match, kind=kind, limit=PAGE_SIZE, offset=part.offset)
    return Answer(expression, hits, kinds, things, part)


def split_snippet(snippet: str) -> list[tuple[str, bool]]:
    r"""Return a snippet in pieces, each with whether it is a word found; marks that stand alone vanish.

    >>> split_snippet("of \x02Finland\x03, \x03 and")
    [('of ', False), ('Finland', True), (',  and', False)]
    """
    pieces: list[tuple[str, bool]] = []
    for number, text in enumerate(_MARKED.split(snippet)):
        plain = text.replace(_OPEN, "").replace(_CLOSE, "")
        if plain:
            pieces.append((plain, number % 2 == 1))
    return pieces


def matching(words: Sequence[str]) -> re.Pattern[str] | None:
    r"""Return an expression that finds phrases of ``Expression.words`` in text without accents, or ``None``.

    >>> matching(['"rapid response"', '"cyber"*']).findall("Rapid\nresponse to cyberspace and cyber")
    ['Rapid\nresponse', 'cyberspace', 'cyber']
    """
    parts = []
    for phrase in words:
        inner = phrase.strip('"*').split(" ")
        tail = r"\w*" if phrase.endswith("*") else ""
        parts.append(r"\W+".join(re.escape(word) for word in inner) + tail)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE) if parts else None
