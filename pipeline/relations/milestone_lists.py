"""Steps of several projects told in one breath: lists behind a colon, and dates said of projects respectively.

A sentence enters; each project with its dated step leaves.
"""

import re
from collections.abc import Iterator

from pipeline.relations.milestone_dates import Dated, value_at
from pipeline.relations.rules import PROJECT_LIST, MilestoneRules
from pipeline.relations.sentences import DATE, PROJECT, STATE, Sentence
from pipeline.relations.topics import Topic, project_at

# "Closed: X (2020); Y and Z (May 2023)": what precedes the colon says the step, the brackets say when.
_LEAD = re.compile(rf"[^:.;{PROJECT}{DATE}]{{0,80}}(?:{DATE}[^:.;{PROJECT}{DATE}]{{0,40}}){{0,2}}: ")
_ITEM = re.compile(rf"(?P<list>{PROJECT_LIST})[\"')]*,? \((?:in |on |by |since )?(?P<date>{DATE})\)")
_RESPECTIVE = re.compile(
    rf"[^;.{PROJECT}{DATE}{STATE}]{{0,40}}(?P<dates>{DATE}(?:(?:, |,? and )(?:in )?{DATE})+),? respectively"
)


def listed_steps(rules: MilestoneRules, sentence: Sentence) -> Iterator[tuple[Topic, Dated]]:
    """Yield what a sentence lists behind a colon: projects, each with a date in brackets."""
    lead = _LEAD.match(sentence.pattern_text)
    terms = [] if lead is None else list(rules.term.finditer(lead[0]))
    if lead is None or len(terms) != 1 or rules.refusal.search(lead[0]):
        return
    for item in _ITEM.finditer(sentence.pattern_text, lead.end()):
        dated = _dated(rules, sentence, terms[0], item.start("date"))
        for project in _projects(sentence, *item.span("list")):
            yield project, dated


def respective_steps(rules: MilestoneRules, sentence: Sentence) -> Iterator[tuple[Topic, Dated]]:
    """Yield a step that several projects reached, each at a date of its own: ``FOC in 2021 and 2022 respectively``."""
    text = sentence.pattern_text
    if "respectively" not in text:
        return
    for term in rules.term.finditer(text):
        dates = _RESPECTIVE.match(text, term.end())
        lists = list(re.finditer(PROJECT_LIST, text[: term.start()]))
        if dates is None or not lists:
            continue
        projects = _projects(sentence, *lists[-1].span())
        places = [place for place in range(*dates.span("dates")) if text[place] == DATE]
        for project, place in zip(projects, places, strict=True) if len(projects) == len(places) else ():
            yield project, _dated(rules, sentence, term, place)


def _dated(rules: MilestoneRules, sentence: Sentence, term: re.Match[str], place: int) -> Dated:
    """Return the step of a term at the date that stands at a place."""
    rule_id, kind = next(rules.term_ids[name] for name in rules.term_ids if term.group(name) is not None)
    index = sentence.indices[len(sentence.slots(0, place))]
    return Dated(kind, value_at(sentence, place), None, (index,), rule_id, term.start(), term.end())


def _projects(sentence: Sentence, start: int, end: int) -> list[Topic]:
    """Return the projects whose signs stand in a stretch of a sentence."""
    return [project_at(sentence, place) for place in range(start, end) if sentence.pattern_text[place] == PROJECT]
