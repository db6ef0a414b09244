"""What each picture looks like: rows of ``pipeline.room.figures`` come in, a description for Vega-Lite leaves.

Colours are told apart by people who see no red or green, and letters or shapes say the same.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flows.room.charts import INK, PathTo, Spec, dark_or_light, link
from flows.room.words import date_in_words, in_words
from pipeline.room.figures import DatedStep, MentionCount, RoleCell, StatusCell, StatusYear
from pipeline.room.projects import Milestone

ROLES = {"coordinator": "#1d3a5f", "member": "#8db4dc", "observer": "#dfe3e8", "third_state": "#d9a441"}
_ROLE_LETTERS = {"coordinator": "C", "member": "", "observer": "o", "third_state": "t"}
STATUSES = {"met": "#4d9078", "partly": "#f2d06b", "not_met": "#c8553d", "planned": "#cfd8e3"}
_STATUS_SIGNS = {"met": "+", "partly": "±", "not_met": "−", "planned": "p"}
_STEP_COLOURS = {"ioc": "#2f7ebc", "foc": "#b3541e"}
_KINDS = {
    "project": "#1d3a5f",
    "state": "#8db4dc",
    "date": "#d9a441",
    "commitment": "#4d9078",
    "commitment_area": "#b7b1d8",
}
_STEPS = {
    "launch": "launch",
    "ioc": "IOC",
    "foc": "FOC",
    "delivery_start": "delivery begins",
    "delivery_end": "delivery ends",
    "closure": "closure",
}
_CELL = 18
_YEARS = {"title": None, "format": "%Y", "orient": "top"}
_ON_TOP = {"orient": "top", "title": None, "labelAngle": 0}
_NAME = 44
_ACRONYM = re.compile(r"(\([^()]+\))$")


def matrix(cells: Sequence[RoleCell], path_to: PathTo) -> Spec:
    """Return states by projects, a cell for each role."""
    rows = [
        {
            "project": _short(cell.project_name),
            "state": cell.state,
            "role": in_words(cell.role),
            "letter": _ROLE_LETTERS[cell.role],
            "is_dark": cell.role == "coordinator",
            "says": f"{cell.project_name}: {cell.state_name}, {in_words(cell.role)}",
            "href": link(path_to("participations", cell.id)),
        }
        for cell in cells
    ]
    return {
        "data": {"values": rows},
        "width": {"step": _CELL},
        "height": {"step": _CELL},
        "encoding": {
            "x": {
                "field": "state",
                "type": "nominal",
                "axis": {"orient": "top", "title": None, "labelAngle": 0, "labelFontSize": 10},
            },
            "y": {"field": "project", "type": "nominal", "axis": {"title": None}, "sort": None},
            "href": {"field": "href"},
            "description": {"field": "says"},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "#fff"},
                "encoding": {"color": _colours("role", {in_words(role): colour for role, colour in ROLES.items()})},
            },
            _letters("letter"),
        ],
    }


def timeline(steps: Sequence[DatedStep], path_to: PathTo) -> Spec:
    """Return projects by time: a mark for each step, a bar as long as its date is vague, a line from its old date."""
    rows = _timeline_rows(steps, path_to)
    order = sorted(rows, key=lambda row: (row["at"], row["project"]))
    ends = [row for row in order if row["step"] == "FOC"]
    names = list(dict.fromkeys(row["project"] for row in (*ends, *order)))
    time = {"type": "temporal", "axis": _YEARS}
    colour = _colours("step", {name.upper(): value for name, value in _STEP_COLOURS.items()})
    return {
        "data": {"values": rows},
        "width": 620,
        "height": {"step": _CELL},
        "encoding": {
            "y": {"field": "project", "type": "nominal", "axis": {"title": None, "grid": True}, "sort": names},
            "color": colour,
            "href": {"field": "href"},
            "description": {"field": "says"},
        },
        "layer": [
            {
                "mark": {"type": "rule", "strokeDash": [2, 2], "opacity": 0.8},
                "transform": [{"filter": "isValid(datum.was)"}],
                "encoding": {"x": {"field": "was", **time}, "x2": {"field": "at"}},
            },
            {
                "mark": {"type": "point", "filled": False, "size": 36, "strokeWidth": 1.5},
                "transform": [{"filter": "isValid(datum.was)"}],
                "encoding": {"x": {"field": "was", **time}, "shape": _shapes()},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.35},
                "encoding": {"x": {"field": "first", **time}, "x2": {"field": "last"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {"x": {"field": "at", **time}, "shape": _shapes()},
            },
        ],
    }


def statuses(cells: Sequence[StatusCell], path_to: PathTo) -> Spec:
    """Return states by commitments in one year, a cell for each status."""
    rows = [
        {
            "state": cell.state_name,
            "commitment": cell.commitment,
            "status": in_words(cell.status),
            "sign": _STATUS_SIGNS[cell.status],
            "says": f"{cell.state_name}, commitment {cell.commitment}: {in_words(cell.status)} ({cell.year})",
            "href": link(path_to("statuses", cell.id)),
        }
        for cell in cells
    ]
    axis = {"orient": "top", "title": "commitment", "labelAngle": 0, "grid": True, "bandPosition": 0}
    return {
        "data": {"values": rows},
        "width": {"step": 24},
        "height": {"step": 20},
        "encoding": {
            "x": {"field": "commitment", "type": "ordinal", "scale": {"domain": list(range(1, 21))}, "axis": axis},
            "y": {"field": "state", "type": "nominal", "axis": {"title": None}},
            "href": {"field": "href"},
            "description": {"field": "says"},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "#fff"},
                "encoding": {"color": _colours("status", {in_words(one): c for one, c in STATUSES.items()})},
            },
            _letters("sign"),
        ],
    }


def statuses_by_year(counts: Sequence[StatusYear], path_to: PathTo) -> Spec:
    """Return states by years: the darker, the larger the share of judged commitments that is met."""
    rows = [
        {
            "state": count.state_name,
            "year": str(count.year),
            "share": count.met / count.judged,
            "words": f"{count.met}/{count.judged}",
            "is_dark": count.met / count.judged > 0.6,
            "says": f"{count.state_name}, {count.year}: {count.met} of {count.judged} judged commitments met",
            "href": link(path_to("states", count.state) if count.state != "ALL" else path_to("commitments")),
        }
        for count in counts
    ]
    share = {"title": "share met", "format": "%"}
    return {
        "data": {"values": rows},
        "width": {"step": 58},
        "height": {"step": 20},
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "axis": _ON_TOP},
            "y": {"field": "state", "type": "nominal", "axis": {"title": None}},
            "href": {"field": "href"},
            "description": {"field": "says"},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "#fff"},
                "encoding": {
                    "color": {
                        "field": "share",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1], "range": ["#eef3f0", "#2c6b55"]},
                        "legend": share,
                    }
                },
            },
            _letters("words"),
        ],
    }


def mentions(counts: Sequence[MentionCount], path_to: PathTo) -> Spec:
    """Return documents by the number of their mentions, a piece of the bar for each kind."""
    names = _names_of({count.id: count.filename for count in counts})
    rows = [
        {
            "document": names[count.id],
            "kind": in_words(count.kind),
            "mentions": count.mentions,
            "says": f"{count.filename}: {count.mentions} of kind {in_words(count.kind)}",
            "href": link(path_to("documents", count.id)),
        }
        for count in counts
    ]
    return {
        "data": {"values": rows},
        "width": 620,
        "height": {"step": 24},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "document", "type": "nominal", "axis": {"title": None}, "sort": None},
            "x": {"field": "mentions", "type": "quantitative", "axis": {"orient": "top", "title": "mentions"}},
            "color": _colours("kind", {in_words(kind): colour for kind, colour in _KINDS.items()}),
            "href": {"field": "href"},
            "description": {"field": "says"},
        },
    }


def _timeline_rows(steps: Sequence[DatedStep], path_to: PathTo) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for step in steps:
        at, was = _middle(step.date_from, step.date_to), _middle(step.was_from, step.was_to)
        before = f", was {date_in_words(step.was)}" if step.was else ""
        rows.append(
            {
                "project": _short(step.project_name),
                "step": step.milestone.upper(),
                "at": at,
                "first": step.date_from or at,
                "last": step.date_to or at,
                "was": was,
                "says": f"{step.project_name}: {step.milestone.upper()} {date_in_words(step.date)}{before}",
                "href": link(path_to("milestones", step.id)),
            }
        )
    return rows


def _letters(field: str) -> Spec:
    return {
        "mark": {"type": "text", "fontSize": 10},
        "encoding": {"text": {"field": field}, "color": dark_or_light()},
    }


def _colours(field: str, colours: dict[str, str]) -> Spec:
    scale = {"domain": list(colours), "range": list(colours.values())}
    return {"field": field, "type": "nominal", "scale": scale, "legend": {"title": None, "orient": "top"}}


def _shapes() -> Spec:
    return {
        "field": "step",
        "type": "nominal",
        "scale": {"domain": ["IOC", "FOC"], "range": ["circle", "diamond"]},
        "legend": {"title": None, "orient": "top"},
    }


def _short(name: str) -> str:
    """Return a name that fits; of one that ends with its acronym the acronym stays.

    >>> _short("Arctic Command & Control Effector and Sensor System (ACCESS)")
    'Arctic Command & Control Effector… (ACCESS)'
    """
    if len(name) <= _NAME:
        return name
    acronym = _ACRONYM.search(name)
    tail = f" {acronym[1]}" if acronym and len(acronym[1]) < _NAME // 2 else ""
    return f"{name[: _NAME - 1 - len(tail)].rstrip()}…{tail}"


def _names_of(names: dict[str, str]) -> dict[str, str]:
    """Return names by id, those that several have told apart by the beginning of the id."""
    several = [name for name in names.values() if list(names.values()).count(name) > 1]
    return {key: f"{_short(name)} {key[:6]}" if name in several else _short(name) for key, name in names.items()}


def _middle(first: str | None, last: str | None) -> str | None:
    """Return the day in the middle of two, or the one that is known."""
    if first is None or last is None:
        return first or last
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + (end - start) / 2).isoformat()


def project(milestones: Sequence[Milestone]) -> Spec:
    """Return the dates of one project by step: the last one filled, earlier ones hollow."""
    rows: list[dict[str, Any]] = []
    last: dict[str, str] = {}
    for one in milestones:
        at, was = _middle(one.date_from, one.date_to), _middle(one.was_from, one.was_to)
        if at is None or one.milestone == "phase":
            continue
        if was is not None:
            rows.append({"step": _STEPS[one.milestone], "at": was, "date": was, "words": date_in_words(one.was)})
        rows.append({"step": _STEPS[one.milestone], "at": at, "date": at, "words": date_in_words(one.date)})
        last[_STEPS[one.milestone]] = at
    unique = list({(row["step"], row["at"]): row for row in rows}.values())
    for row in unique:
        row["is_last"] = last[row["step"]] == row["at"]
    order = [name for name in _STEPS.values() if name in last]
    x = {
        "field": "at",
        "type": "temporal",
        "axis": {"title": None, "format": "%Y", "orient": "top", "tickCount": "year"},
    }
    y = {"field": "step", "type": "nominal", "sort": order, "axis": {"title": None, "grid": True}}
    return {
        "data": {"values": unique},
        "width": 560,
        "height": {"step": 34},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "line", "color": "#b3541e", "strokeDash": [3, 3]},
                "encoding": {"detail": {"field": "step"}},
            },
            {
                "mark": {"type": "point", "size": 80, "strokeWidth": 1.5, "opacity": 1, "stroke": "#1d4f8c"},
                "encoding": {"fill": {"condition": {"test": "datum.is_last", "value": "#1d4f8c"}, "value": "#fff"}},
            },
            {
                "mark": {"type": "text", "dy": -11, "fontSize": 10},
                "transform": [{"filter": "datum.is_last"}],
                "encoding": {"text": {"field": "words"}, "color": {"value": INK}},
            },
        ],
    }
