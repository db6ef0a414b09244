"""What a document says of itself: kind, title, language, reporting year, own date and, for a plan, its state.

What enters is a view with its dates and states; what leaves are ``DocumentFacts``, each field with the print it was
read from. Evidence is weighed (``rules/identity.yml``): without enough of it, or with two answers nearly as good, a
field stays empty and the kind is ``other``. The file's name is never looked at.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.identity.dates import DatedPlace, read_own_date
from extractors.identity.languages import find_language
from extractors.identity.rules import Clue, IdentityRules, has_phrase, load_identity_rules, plain
from extractors.identity.states import read_state
from extractors.identity.titles import Opening, Title, page_of, read_opening, read_title
from extractors.views import BlockKind, TextView
from models.facts import DocumentFacts, DocumentKind
from models.mentions import Hit

_SHORT_PRINT = 200
_YEAR = re.compile(r"(\d{4})~?")
_YEARS = re.compile(r"(\d{4})/\d{4}")
_HEADER_YEAR = re.compile(r"(?<![\w/.-])(20\d\d)(?![\w/.-]|\s?\))")
_LONE_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR_START = 6_000
_LONG_TEXT = 60_000
_SHORT_TEXT = 12_000
_SHORT_PAGES = 4
_TITLE_BLOCKS = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """A field's value with its evidence."""

    value: str
    page: int
    printed: str


def read_identity(
    view: TextView, dates: Sequence[Hit], states: Sequence[Hit], hint: DocumentKind | None = None
) -> DocumentFacts:
    """Return what the document says of itself. ``dates`` and ``states`` are the hits of this view, in text order.

    ``hint`` is the kind that the file's keeper gives. It goes before what the text says; the print that says otherwise
    is then no evidence.
    """
    rules = load_identity_rules()
    opening = read_opening(view)
    title = read_title(opening, view, rules)
    language = find_language(view.text)
    kind = read_kind(opening, title, view, rules)
    is_own = kind is not None and (hint is None or kind.value == hint)
    if hint is not None and not is_own:
        kind = None if hint is DocumentKind.OTHER else Finding(hint.value, 1, "")
    own_date = read_own_date(view, opening, title, dates, rules)
    year = None if kind is None else read_year(opening, title, own_date, dates)
    state = None
    if kind is not None and kind.value == DocumentKind.NIP:
        state = read_state(view, opening, title, states, own_date, language)
    evidence: dict[str, tuple[int, str]] = {}
    if title is not None:
        evidence["title"] = (title.page, title.text[:_SHORT_PRINT])
    for name, found in (("kind", kind), ("year", year), ("date", own_date), ("state", state)):
        if found is not None and (name != "kind" or is_own):
            evidence[name] = (found.page, found.printed[:_SHORT_PRINT])
    return DocumentFacts(
        kind=DocumentKind(kind.value) if kind else DocumentKind.OTHER,
        title=title.text if title else None,
        language=language,
        state=state.value if state else None,
        year=int(year.value) if year else None,
        date=own_date.value if own_date else None,
        evidence=evidence,
        kind_hint=hint,
    )


def read_kind(opening: Opening, title: Title | None, view: TextView, rules: IdentityRules) -> Finding | None:
    """Return the kind that the clues agree on, ``None`` for any other document."""
    is_on_subject = _is_on_subject(view, opening, rules)
    places = {
        "title": [(title.page, title.text)] if title else [],
        "opening": opening.prints(),
        "running": [(1, line) for line in opening.running],
        "short": _short_text(view),
    }
    plains = {place: [(page, text, plain(text)) for page, text in prints] for place, prints in places.items()}
    scores: list[tuple[int, str, int, str]] = []
    for rule in rules.kinds:
        found = [(clue, where) for clue in rule.clues if (where := _find_clue(clue, plains[clue.place])) is not None]
        if found and (is_on_subject or _has_own_subject(view, rule.own_subject)):
            best = max(found, key=lambda one: one[0].weight)
            scores.append((sum(clue.weight for clue, _ in found), rule.kind.value, *best[1]))
    scores.sort(key=lambda one: (-one[0], one[1]))
    if not scores or scores[0][0] < rules.threshold:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < rules.margin:
        return None
    _, kind, page, printed = scores[0]
    return Finding(kind, page, printed)


def _short_text(view: TextView) -> list[tuple[int, str]]:
    """Return the blocks of a document of few pages, nothing of a longer one."""
    is_short = 0 < len(view.text) <= _SHORT_TEXT and len(view.page_texts) <= _SHORT_PAGES
    if not is_short:
        return []
    pages = [(page_of(view, block.span), view.block_text(block)) for block in view.blocks]
    return [(page, text) for page, text in pages if page is not None]


def _is_on_subject(view: TextView, opening: Opening, rules: IdentityRules) -> bool:
    """Tell whether the document speaks of PESCO: by any name near its start, by a sure one anywhere."""
    near = plain(" ".join((view.text[:_NEAR_START], *opening.running)))
    if any(has_phrase(near, word) for word in (*rules.subject, *rules.sure_subject)):
        return True
    lower = view.text.lower()
    return any(word in lower for word in rules.sure_subject)


def _has_own_subject(view: TextView, groups: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether a text has one phrase of each group; no groups tell nothing."""
    text = plain(view.text[:_LONG_TEXT]) if groups else ""
    return bool(groups) and all(any(has_phrase(text, phrase) for phrase in group) for group in groups)


def _find_clue(clue: Clue, prints: list[tuple[int, str, str]]) -> tuple[int, str] | None:
    """Return page and print where all phrases of a clue stand, if they do."""
    for page, printed, text in prints:
        if all(has_phrase(text, phrase) for phrase in clue.phrases) and not any(
            has_phrase(text, phrase) for phrase in clue.without
        ):
            return page, printed
    return None


def read_year(
    opening: Opening, title: Title | None, own_date: DatedPlace | None, dates: Sequence[Hit]
) -> Finding | None:
    """Return the reporting year: in the title, alone beneath it, in the running header, else that of the own date."""
    named = _year_in_title(title, dates, _YEAR) or _year_alone(opening) or _year_in_header(opening, title)
    if named is None and own_date is not None:
        return Finding(own_date.value[:4], own_date.page, own_date.printed)
    return named or _year_in_title(title, dates, _YEARS)


def _year_in_title(title: Title | None, dates: Sequence[Hit], form: re.Pattern[str]) -> Finding | None:
    """Return the first year of that form in the title."""
    if title is None:
        return None
    for hit in dates:
        match = form.fullmatch(hit.values[0])
        if match and any(span.contains(hit.span) for span in title.spans):
            return Finding(match[1], title.page, title.text)
    return None


def _year_alone(opening: Opening) -> Finding | None:
    """Return a year that fills one of the first blocks."""
    for one in opening.blocks[:_TITLE_BLOCKS]:
        year = one.text.strip(" ()")
        if one.block.kind is not BlockKind.CELL and _LONE_YEAR.fullmatch(year):
            return Finding(year, one.page, one.text)
    return None


def _year_in_header(opening: Opening, title: Title | None) -> Finding | None:
    """Return the year of a running header that repeats the title's words."""
    for line in opening.running:
        match = _HEADER_YEAR.search(line)
        if match and title is not None and _shares_words(line, title.text):
            return Finding(match[1], 1, line)
    return None


def _shares_words(line: str, title: str) -> bool:
    """Tell whether a running header repeats words of the title (or its initials), and is not something else's name."""
    words = {word for word in plain(title).split() if len(word) > 3}
    initials = "".join(word[0] for word in title.split() if word[:1].isupper()).lower()
    header = plain(line).split()
    return bool(words & set(header)) or any(len(word) > 2 and word in initials for word in header)
