"""The hooks by which Datasette knows of the reading room: routes, what templates know, and headers."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from jinja2 import Environment

from flows.room import pages
from flows.room.cells import render_cell
from flows.room.errors import handle_exception
from flows.room.headers import guard_headers
from flows.room.parquet import register_output_renderer
from flows.room.site import Room
from flows.room.words import FILTERS

__all__ = [
    "asgi_wrapper",
    "handle_exception",
    "prepare_jinja2_environment",
    "register_output_renderer",
    "register_routes",
    "render_cell",
]
View = Callable[..., Awaitable[Any]]


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, View]]:
    """Return the routes of all modules of ``flows.room.pages``."""
    names = sorted(module.name for module in pkgutil.iter_modules(pages.__path__))
    modules = [importlib.import_module(f"{pages.__name__}.{name}") for name in names]
    return [route for module in modules for route in module.ROUTES]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give every template ``room``, error pages and macros too, and the filters that write numbers and dates."""
    env.globals["room"] = Room(datasette)
    env.filters.update(FILTERS)


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[Any], Any]:
    """Return what puts the headers on every answer."""
    return guard_headers
