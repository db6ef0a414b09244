"""Who takes part in what: roles of states in projects, from prose and from tables.

Mentions in text order, the document's own facts and the layout maps of its tables enter; participations leave, each
with its sentence or cells and the mentions it rests on. A state outside the Union that takes part is a third state.
"""

import re
from collections.abc import Iterator, Sequence

from extractors.views import Block, TextView
from models.facts import DocumentFacts, DocumentKind, Participation, Role
from models.issues import Issue
from models.mentions import Mention, MentionKind
from pipeline.relations.grounds import Grounds, read_grounds
from pipeline.relations.layouts import TableMap
from pipeline.relations.legends import Legends, role_of
from pipeline.relations.matrices import roles_of_matrix
from pipeline.relations.rules import STATE_LIST, RoleRule, RoleRules, load_role_rules, load_union_members
from pipeline.relations.sentences import PROJECT, STATE, Sentence
from pipeline.relations.table_rows import TableRow
from pipeline.relations.topics import Passage, Topic, nearest_projects, project_at

_MARK = re.compile(r"\s*([*°†+#]|\((?:o|obs\.?|observer)\)|\((?:c|coord\.?|coordinator)\))", re.IGNORECASE)
_ROLE_COLUMNS = {
    "coordinator": Role.COORDINATOR,
    "members": Role.MEMBER,
    "observers": Role.OBSERVER,
    "third_states": Role.THIRD_STATE,
}
# Words between a third state and a project that part the two.
_AWAY = re.compile(r";|\boutside\b|\bthis project\b|\bthat project\b")
# "in talks with Finland, which leads X": what is said before a relative clause does not touch it.
_RELATIVE = re.compile(rf"{STATE},? (?:which|who) ")
_LEFT = re.compile(
    r"[^,;()]{0,30}\b(?:left|withdr[ae]w\w*|until|former\w*|no longer|applied|applicant|asked|candidate)\b",
    re.IGNORECASE,
)
_IT = re.compile(r"[Ii]t\b")
# Words that start within so many characters of a sentence's start open it.
_OPENING = 3


def relate_participations(
    view: TextView,
    mentions: Sequence[Mention],
    document: DocumentFacts,
    maps: Sequence[TableMap],
    grounds: Grounds | None = None,
) -> tuple[tuple[Participation, ...], tuple[Issue, ...]]:
    """Return all participations a document states, in the order of their pages, and issues."""
    own = grounds or read_grounds(view, mentions, maps)
    found = [fact for row in own.rows for fact in _from_row(row, mentions, document, own.legends)]
    for passage in own.passages:
        found += _from_sentence(view, passage, mentions, document)
    return _without_repeats(found), ()


# --- prose ---------------------------------------------------------------------------------------------------------


def _from_sentence(
    view: TextView, passage: Passage, mentions: Sequence[Mention], document: DocumentFacts
) -> Iterator[Participation]:
    """Yield the participations that one sentence states."""
    rules = load_role_rules()
    sentence = passage.sentence
    text = sentence.pattern_text
    filer = document.state if document.kind == DocumentKind.NIP else None
    # "It" behind a sentence about a state is that state, where the words name a project that it takes part in.
    it = passage.follows if filer is None and _IT.match(text) and PROJECT in text else None
    if STATE not in text and filer is None and it is None:
        return
    quote = view.text[sentence.span.start : sentence.span.end].strip()
    found: list[Participation] = []
    for rule in rules.rules:
        if not rule.may_match(text):
            continue
        for match in _matches(rule, text, filer, is_filer_it=passage.follows == filer, it=it):
            is_relative = _RELATIVE.search(match[0]) is not None
            if not is_relative and rules.refusal.search(text, _clause_start(sentence, match.start()), match.end()):
                continue
            if rules.left_again.search(text[match.end() :]):
                continue
            for project in _projects_of(match, sentence, passage.topic):
                found += _to_facts(rule, match, passage, project, filer or it, quote)
    yield from found
    settled = {index for fact in found for index in fact.evidence}
    yield from _third_states(rules, passage, quote, settled)


def _matches(
    rule: RoleRule, text: str, filer: str | None, *, is_filer_it: bool, it: str | None = None
) -> Iterator[re.Match[str]]:
    """Yield the matches of a rule; in a plan also those that say `we`, or `it` after a sentence about its state; in
    other documents those that open with `it` and name a project, where ``it`` is a state."""
    if rule.filer is None or filer is not None:
        yield from rule.pattern.finditer(text)
    if rule.we is None:
        return
    if filer is not None:
        yield from (match for match in rule.we.finditer(text) if is_filer_it or not _IT.match(text, match.start()))
    elif it is not None and rule.names_project:
        match = rule.we.match(text)
        if match is not None and PROJECT in match[0]:
            yield match


def _clause_start(sentence: Sentence, place: int) -> int:
    """Return where the clause that holds a place begins: after the last comma, semicolon, colon or stop before it."""
    return max(sentence.pattern_text.rfind(mark, 0, place) for mark in ",;:.") + 1


def _projects_of(match: re.Match[str], sentence: Sentence, topic: Topic | None) -> list[Topic]:
    """Return the projects a match speaks of: in the pattern, before it, after words that open it, or the topic."""
    named = [
        project_at(sentence, place)
        for name, text in match.groupdict().items()
        if name.startswith("project") and text
        for place in range(*match.span(name))
        if sentence.pattern_text[place] == PROJECT
    ]
    if named:
        return named
    chosen = nearest_projects(sentence, match.start())
    after = sentence.pattern_text.find(PROJECT, match.end())
    if chosen is None and after >= 0 and (match.start() <= _OPENING or topic is None):
        chosen = project_at(sentence, after)
    chosen = chosen or topic
    return [] if chosen is None else [chosen]


def _to_facts(
    rule: RoleRule, match: re.Match[str], passage: Passage, project: Topic, filer: str | None, quote: str
) -> Iterator[Participation]:
    """Yield one participation per state of a match."""
    sentence = passage.sentence
    for name, role in rule.groups:
        if match.group(name) is None:
            continue
        if STATE not in match.group(name) and filer is not None:
            yield _filer_fact(rule, passage, project, role, filer, quote)
        for slot in sentence.slots(*match.span(name)):
            if sentence.mentions[slot].kind != MentionKind.STATE:
                continue  # a date in brackets behind a state
            yield _fact(project, sentence.mentions[slot], sentence.indices[slot], role, rule.id, quote)
    if rule.filer is not None and filer is not None:
        yield _filer_fact(rule, passage, project, rule.filer, filer, quote)


def _filer_fact(rule: RoleRule, passage: Passage, project: Topic, role: Role, filer: str, quote: str) -> Participation:
    """Return a participation of the state that files the plan; it rests on the project mention."""
    return Participation(
        page=passage.sentence.mentions[0].page if passage.sentence.mentions else passage.page,
        evidence=(project.index,),
        rule_id=rule.id,
        quote=quote,
        project=project.slug,
        state=filer,
        role=role,
    )


def _fact(project: Topic, state: Mention, index: int, role: Role, rule_id: str, quote: str) -> Participation:
    """Return a participation that rests on a project and a state mention."""
    code = state.values[0]
    if role == Role.MEMBER and code not in load_union_members():
        role = Role.THIRD_STATE
    return Participation(
        page=state.page,
        evidence=tuple(sorted({project.index, index})),
        rule_id=rule_id,
        quote=quote,
        project=project.slug,
        state=code,
        role=role,
    )


def _third_states(rules: RoleRules, passage: Passage, quote: str, settled: set[int]) -> Iterator[Participation]:
    """Yield the third states of a sentence that says they take part, were admitted or invited, but for the mentions
    that another rule has settled.

    A state's project is the next one that follows it in the clause, else the last before it, else the topic.
    """
    sentence = passage.sentence
    text = sentence.pattern_text
    places = [
        place
        for place in sentence.places(STATE)
        if sentence.mentions[len(sentence.slots(0, place))].values[0] not in load_union_members()
    ]
    if not places or not rules.third_state.search(text):
        return
    for place in places:
        start = _clause_start(sentence, place)
        if rules.refusal.search(text, start, place) or rules.no_third_state.search(text[place + 1 :]):
            continue
        slot = len(sentence.slots(0, place))
        project = _project_round(sentence, place, passage.topic)
        if project is not None and sentence.indices[slot] not in settled:
            yield _fact(project, sentence.mentions[slot], sentence.indices[slot], Role.THIRD_STATE, "role.third", quote)


def _project_round(sentence: Sentence, place: int, topic: Topic | None) -> Topic | None:
    """Return the project that a third state at ``place`` takes part in."""
    text = sentence.pattern_text
    if re.search(rf"{PROJECT}[^;.]{{0,12}}\((?:[^()]*)$", text[:place]):
        return nearest_projects(sentence, place)
    listed = re.compile(STATE_LIST).match(text, place)
    start = place + 1 if listed is None else listed.end()
    following = text.find(PROJECT, start)
    between = text[start:following] if following >= 0 else ""
    is_own = STATE not in between and not _AWAY.search(between)
    if is_own and re.search(r"\b(?:in|to|of)\b", between):
        return project_at(sentence, following)
    return nearest_projects(sentence, place) or topic


# --- tables --------------------------------------------------------------------------------------------------------


def _from_row(
    row: TableRow, mentions: Sequence[Mention], document: DocumentFacts, legends: Legends
) -> Iterator[Participation]:
    """Yield the participations of one table row."""
    for project, index, role, _ in roles_of_matrix(row, mentions, legends):
        yield _fact(project, mentions[index], index, role, "role.matrix", row.quote)
    if row.project is None:
        return
    for field, role in _ROLE_COLUMNS.items():
        for block in row.blocks(field):
            yield from _from_cell(row, row.project, block, role, mentions, legends)
    state = _headed_state(row, mentions) or _row_state(row, mentions, document)
    words = [(block, row.text(block)) for block in row.blocks("role")]
    words += [(block, block.cell.heading) for block in row.blocks("project") if block.cell is not None]
    for block, text in words:
        role_word = legends.roles.get(text.strip()) or role_of(text)
        if role_word is not None and state is not None:
            code, evidence = state
            yield Participation(
                page=row.page_of(block),
                evidence=tuple(sorted({row.project.index, *evidence})),
                rule_id="role.column",
                quote=row.quote,
                project=row.project.slug,
                state=code,
                role=role_word,
            )


def _from_cell(
    row: TableRow, project: Topic, block: Block, role: Role, mentions: Sequence[Mention], legends: Legends
) -> Iterator[Participation]:
    """Yield a participation per state printed in a cell; a mark behind a state changes the column's role, and so does
    the first place where a legend says that it is the coordinator's."""
    states = [index for index in row.mention_indices(block) if mentions[index].kind == MentionKind.STATE]
    leads = legends.is_first_coordinator and role == Role.MEMBER and not row.blocks("coordinator")
    for number, index in enumerate(states):
        mention = mentions[index]
        if _LEFT.match(row.view.text, mention.span.end, block.span.end):
            continue
        marked = _marked_role(row.view.text, mention.span.end, block.span.end, legends)
        own_role = marked or (Role.COORDINATOR if leads and number == 0 else role)
        yield _fact(project, mention, index, own_role, f"role.cell.{own_role}", row.quote)


def _marked_role(text: str, start: int, end: int, legends: Legends) -> Role | None:
    """Return the role that a mark right behind a state gives, or ``None``."""
    mark = _MARK.match(text, start, end)
    if mark is None:
        return None
    if mark[1][0] != "(":
        return legends.marks.get(mark[1])
    return Role.OBSERVER if mark[1].lower().startswith("(o") else Role.COORDINATOR


def _headed_state(row: TableRow, mentions: Sequence[Mention]) -> tuple[str, tuple[int, ...]] | None:
    """Return the one state that the heading of the Role column names, with its mention: ``Role of Sweden``."""
    heads = [head for cell, head in row.heads if cell in row.blocks("role")]
    states = [i for head in heads for i in row.mention_indices(head) if mentions[i].kind == MentionKind.STATE]
    return (mentions[states[0]].values[0], (states[0],)) if len(states) == 1 else None


def _row_state(
    row: TableRow, mentions: Sequence[Mention], document: DocumentFacts
) -> tuple[str, tuple[int, ...]] | None:
    """Return whom a Role column speaks of, with its mention: the row's state, else the state that files the plan."""
    for block in row.blocks("state"):
        for index in row.mention_indices(block):
            if mentions[index].kind == MentionKind.STATE:
                return mentions[index].values[0], (index,)
    if document.kind == DocumentKind.NIP and document.state is not None:
        return document.state, ()
    return None


def _without_repeats(facts: Sequence[Participation]) -> tuple[Participation, ...]:
    """Return facts in page order; of the same fact on a page the first stays, and a coordinator is no member beside."""
    leaders = {(fact.project, fact.state) for fact in facts if fact.role == Role.COORDINATOR}
    kept: dict[tuple[int, str, str, Role], Participation] = {}
    for fact in facts:
        if fact.role == Role.MEMBER and (fact.project, fact.state) in leaders:
            continue
        kept.setdefault((fact.page, fact.project, fact.state, fact.role), fact)
    return tuple(
        sorted(kept.values(), key=lambda fact: (fact.page, fact.evidence, fact.project, fact.state, fact.role))
    )
