"""Find projects in a document: full names however printed, acronyms, and short forms that the document itself gives.

A ``TextView`` enters; leave hits with slugs and doubts. A name with its acronym in brackets
is one mention. Forms that are also common words or policies are judged by ``extractors.projects.context``; likeness and
unknown projects are the business of ``extractors.projects.guesses``.
"""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from extractors.nlp import Finds, fold
from extractors.projects.context import Candidate, judge_candidates
from extractors.projects.gazetteer import Form, Gazetteer, letters_of, load_gazetteer
from extractors.projects.guesses import find_guesses, overlaps_any
from extractors.views import TextView
from models.mentions import Doubt, Hit, MentionKind
from models.spans import Span

_BRACKET = re.compile(r"['\"]? ?\( ?(?:hereinafter |hereafter |the |or )*['\"]?([^()'\"\n]{2,40})['\"]? ?\)")
_OPEN_BRACKET = re.compile(r"['\"]? ?\(['\"]?")
_CLOSE_BRACKET = re.compile(r"['\"]?\)")
# An acronym that goes on is another one: ``iUGS-II`` is not ``iUGS``, ``EU-CSIP`` may be something else than ``CSIP``.
_LONGER_BEFORE = re.compile(r"[A-Z\d][-_.]$")
_LONGER_AFTER = re.compile(r"[-_](?:[A-Z]+\b|\d)")
_SHORT_FORM = re.compile(r"[A-Za-z][\w/&.' -]*")
# So many longer words are no coincidence when they stand exactly as on the list of projects.
_LONG_NAME = 4
_ROMAN_END = {"II": "2", "III": "3"}
MIN_OWN_NAME = 85.0
"""Likeness (0 to 100) from which the words before ``(ACRONYM)`` are that project's name with a slip."""


def find_projects(view: TextView) -> Finds:
    """Return the projects named in a document, in text order."""
    gazetteer = load_gazetteer()
    short_forms: dict[str, str] = {}
    candidates = list(_merge_brackets(gazetteer, view, list(_match(gazetteer, view)), short_forms))
    hits, doubts, refused = judge_candidates(gazetteer, view, candidates)
    hits += _find_short_forms(view.text, short_forms, hits)
    guesses = find_guesses(gazetteer, view, hits)
    hits += guesses.hits
    taken = sorted(hit.span for hit in hits)
    doubts = [doubt for doubt in (*doubts, *guesses.doubts) if not overlaps_any(doubt.span, taken)]
    return Finds(tuple(sorted(hits, key=_place)), tuple(sorted(doubts, key=_place)), tuple(refused))


def _place(find: Hit | Doubt) -> int:
    return find.span.start


def _match(gazetteer: Gazetteer, view: TextView) -> Iterator[Candidate]:
    """Yield forms in text order, the longest where they overlap, when they are written as their kind asks."""
    matches = gazetteer.phrases.find(view.pieces())
    matches.sort(key=lambda match: (match[1], -match[2]))
    last_end = -1
    for key, start, end in matches:
        if start < last_end:
            continue
        form, span = gazetteer.forms[key], Span(start, end)
        if _is_well_written(form, view.text, span):
            last_end = end
            yield Candidate(form, span)


def _is_well_written(form: Form, text: str, span: Span) -> bool:
    """Tell whether the print has the case that the form needs: acronyms their own or capitals, short names capitals."""
    printed = text[span.start : span.end]
    if form.kind != "name":
        letters = letters_of(printed)
        if _LONGER_BEFORE.search(text[max(0, span.start - 2) : span.start]) or _LONGER_AFTER.match(text, span.end):
            return False
        if letters == form.letters or (letters.isupper() and letters == form.letters.upper()):
            return True
        words = re.findall(r"[^\W\d_]+", printed)
        return len(words) > 1 and len(letters) > 6 and all(word[0].isupper() for word in words)
    words = re.findall(r"[^\W\d_]{4,}", printed) or [printed]
    capitals = sum(word[0].isupper() for word in words)
    is_as_listed = printed == form.text and len(words) >= _LONG_NAME
    if 2 * capitals >= len(words) or len(words) >= 6 or is_as_listed:
        return True
    bracket = _BRACKET.match(text, span.end)
    return bracket is not None and _is_short_form(bracket[1], printed)


def _merge_brackets(
    gazetteer: Gazetteer, view: TextView, found: list[Candidate], short_forms: dict[str, str]
) -> Iterator[Candidate]:
    """Yield candidates with ``name (ACRONYM)`` and ``ACRONYM (name)`` as one; note short forms that are new."""
    text = view.text
    place = 0
    while place < len(found):
        item = found[place]
        following = found[place + 1] if place + 1 < len(found) else None
        place += 1
        if following is not None and _is_bracketed_by(text, item, following):
            close = _CLOSE_BRACKET.match(text, following.span.end)
            end = close.end() if close else following.span.end
            yield Candidate(item.form, Span(item.span.start, end), is_full=True)
            place += 1
            continue
        bracket = _BRACKET.match(text, item.span.end) if item.form.kind == "name" else None
        is_free = bracket is not None and (following is None or following.span.start >= bracket.end())
        if bracket and is_free and _is_short_form(bracket[1], text[item.span.start : item.span.end]):
            short_forms[bracket[1].strip()] = item.form.slug
            yield Candidate(item.form, Span(item.span.start, bracket.end()), is_full=True)
            continue
        yield _with_own_name(gazetteer, view, item)


def _is_bracketed_by(text: str, item: Candidate, following: Candidate) -> bool:
    """Tell whether a form is followed by another form of the same project in brackets."""
    if item.form.slug != following.form.slug:
        return False
    between = _OPEN_BRACKET.match(text, item.span.end)
    if between is None or between.end() != following.span.start:
        return False
    return _CLOSE_BRACKET.match(text, following.span.end) is not None


def _is_short_form(short: str, name: str) -> bool:
    """Tell whether an unknown word in brackets abbreviates a name: three letters or more, in the name's order.

    >>> _is_short_form("IUGS-II", "Integrated Unmanned Ground Systems 2")
    True
    >>> _is_short_form("FR", "Cyber Ranges Federations")
    False
    """
    short = short.strip()
    if _SHORT_FORM.fullmatch(short) is None or sum(letter.isupper() for letter in short) < 2 or len(short.split()) > 4:
        return False
    head, _, tail = short.replace(" ", "-").rpartition("-")
    letters = fold(letters_of(head + _ROMAN_END.get(tail, tail)))
    rest = iter(fold(letters_of(name)))
    return (
        len(letters) >= 3 and letters[0] in {word[0] for word in fold(name).split()} and all(c in rest for c in letters)
    )


def _with_own_name(gazetteer: Gazetteer, view: TextView, item: Candidate) -> Candidate:
    """Stretch ``(ACRONYM)`` over the name before it when that is the project's own name with a slip of the pen."""
    text, start, end = view.text, item.span.start, item.span.end
    if item.form.kind == "name" or text[start - 1 : start] != "(" or text[end : end + 1] != ")":
        return item
    block_start = view.block_at(start).span.start
    for name, slug in gazetteer.long_names.items():
        if slug != item.form.slug:
            continue
        n_words = len(name.split())
        words = list(re.finditer(r"\S+", text[max(block_start, start - 2 * len(name)) : start - 1]))[-n_words:]
        if not words:
            continue
        first = max(block_start, start - 2 * len(name)) + words[0].start()
        if fuzz.ratio(name, text[first : start - 1].strip().lower(), score_cutoff=MIN_OWN_NAME):
            return Candidate(item.form, Span(first, end + 1), is_full=True)
    return item


def _find_short_forms(text: str, short_forms: dict[str, str], hits: list[Hit]) -> list[Hit]:
    """Return the further places of short forms that the document gave to a project."""
    if not short_forms:
        return []
    taken = sorted(hit.span for hit in hits)
    pattern = re.compile(
        rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in sorted(short_forms, key=len)[::-1])})(?![\w-])"
    )
    found = []
    for match in pattern.finditer(text):
        span = Span(*match.span())
        if not overlaps_any(span, taken):
            found.append(Hit(MentionKind.PROJECT, span, (short_forms[match[0]],), "project.local_acronym"))
    return found
