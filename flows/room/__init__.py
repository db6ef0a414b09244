"""The reading room: pages of our own in Datasette, from a question to the highlighted words.

A Datasette plugin (``plugin.py``), registered by ``flows.browse.make_site``. What is read from the database stands in
``pipeline.room`` as plain functions: a ``sqlite3.Connection`` comes in, frozen dataclasses leave.

To add a page:

1. ``pipeline/room/NOUN.py``: each SQL statement is a module constant in capitals with named parameters (a test asks
   SQLite for the plan of each: none may scan a big table), and a function that runs it.
2. ``flows/room/pages/NOUN.py``: views ``async def show_noun(datasette, request) -> Response`` and
   ``ROUTES = ((r"/noun/(?P<id>[^/]+)$", show_noun),)``. Modules there are found by themselves. ``site.read`` calls a
   function of ``pipeline.room`` in one transaction in a thread of Datasette's, ``site.respond`` fills a template.
   ``request.url_vars["id"]`` is not decoded yet: use ``site.variable``. Raise ``datasette.NotFound`` for what is not
   there.
3. ``flows/room/templates/room_noun.html``: extends ``room.html``; blocks ``title``, ``content`` and, for scripts,
   ``extra_head`` (``<script src="{{ room.asset('x.js') }}" defer></script>``). No inline script or style: the
   Content-Security-Policy forbids both. Never ``|safe``: what stands in a document is text.
4. Style: ``flows/room/static/NOUN.css``, linked in ``extra_head``, or a few lines in ``room.css``.
5. Links: ``{% import "room_macros.html" as to %}`` gives ``to.project_link``, ``to.state_link``, ``to.page_link`` ...
   Values in words: the filters of ``words.py``, as ``{{ n|count_of("page") }}`` and ``{{ day|date }}``.
"""
