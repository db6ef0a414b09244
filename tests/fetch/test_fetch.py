"""``pesco fetch`` against a server of this machine: politeness, resuming, and what is not let in."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from models.errors import PescoError
from pipeline.fetch.run import FetchOptions, Step, fetch_all
from pipeline.fetch.sources_file import Wanted, read_sources_file
from pipeline.fetch.web import Web, unsafe
from pipeline.manifest import MANIFEST

PDF = b"%PDF-1.7\n" + b"x" * 50_000 + b"\n%%EOF\n"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server whose answers a test sets, by path; ``asked`` are the requests, robots.txt left out."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.robots = b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path == "/robots.txt":
                    send(outer.robots, kind="text/plain")(self)
                    return
                outer.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                answers = outer.answers.get(self.path)
                if not answers:
                    send(b"not here", 404, "text/html")(self)
                    return
                (answers.pop(0) if len(answers) > 1 else answers[0])(self)

            def log_message(self, *_words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def send(body: bytes, status: int = 200, kind: str = "application/pdf", **headers: str) -> Answer:
    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        to.send_header("Content-Type", kind)
        to.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    return answer


def break_off(body: bytes, after: int, **headers: str) -> Answer:
    """Promise the whole body, send its beginning, and close the connection."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", "application/pdf")
        to.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body[:after])
        to.wfile.flush()
        to.close_connection = True

    return answer


def send_rest(body: bytes, etag: str) -> Answer:
    """Send the part that is asked for if the entity tag still holds, else the whole."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        wanted = to.headers.get("Range")
        if wanted is None or to.headers.get("If-Range") != etag:
            send(body, ETag=etag)(to)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        send(body[start:], 206, ETag=etag, Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}")(to)

    return answer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    started = Server()
    yield started
    started.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "raw"


class Pauses(list[float]):
    """Sleeping that takes no time and is written down."""

    def __call__(self, seconds: float) -> None:
        self.append(round(seconds, 1))


def fetch(server: Server, folder: Path, *paths: str, pauses: Pauses | None = None, **options: object) -> list[Step]:
    wanted = [Wanted(server.url + path, path.rpartition("/")[2]) for path in paths]
    return fetch_wanted(wanted, folder, pauses, **options)


def fetch_wanted(
    wanted: list[Wanted], folder: Path, pauses: Pauses | None = None, delay: float = 0.0, max_bytes: int = 1 << 20
) -> list[Step]:
    sleep = Pauses() if pauses is None else pauses
    return fetch_all(wanted, FetchOptions(folder, delay, max_bytes), lambda _step: None, Web(delay, sleep))


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith((".fetch", ".fetched")))


def test_a_document_comes_whole_with_its_row_and_is_asked_for_again_by_its_tag(server: Server, folder: Path) -> None:
    server.answers["/a.pdf"] = [send(PDF, ETag='"one"', Last_Modified="Tue, 03 Nov 2026 10:00:00 GMT"), send(b"", 304)]
    (step,) = fetch(server, folder, "/a.pdf")
    assert (step.result, step.size) == ("new", len(PDF))
    assert (folder / "a.pdf").read_bytes() == PDF
    assert f"a.pdf,{server.url}/a.pdf,20" in (folder / MANIFEST).read_text(encoding="utf-8")
    (step,) = fetch(server, folder, "/a.pdf")
    assert step.result == "unchanged"
    headers = server.asked[1][1]
    assert headers["if-none-match"] == '"one"'
    assert headers["if-modified-since"] == "Tue, 03 Nov 2026 10:00:00 GMT"
    assert headers["user-agent"].startswith("pesco-pipeline")


def test_a_changed_document_replaces_its_file_and_the_row_keeps_what_was_written_by_hand(
    server: Server, folder: Path
) -> None:
    server.answers["/a.pdf"] = [send(PDF, ETag='"one"'), send(PDF + b"more", ETag='"two"')]
    fetch(server, folder, "/a.pdf")
    text = (folder / MANIFEST).read_text(encoding="utf-8").replace(",,,", ",CC BY,nip,")
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (step,) = fetch_wanted([Wanted(f"{server.url}/a.pdf", "a.pdf", "other", "none")], folder)
    assert (step.result, (folder / "a.pdf").read_bytes()) == ("changed", PDF + b"more")
    assert ",CC BY,nip," in (folder / MANIFEST).read_text(encoding="utf-8")


def test_the_same_bytes_under_a_new_tag_are_no_change(server: Server, folder: Path) -> None:
    server.answers["/a.pdf"] = [send(PDF, ETag='"one"'), send(PDF, ETag='"two"'), send(b"", 304)]
    assert [fetch(server, folder, "/a.pdf")[0].result for _ in range(3)] == ["new", "unchanged", "unchanged"]
    assert server.asked[2][1]["if-none-match"] == '"two"'


def test_what_breaks_off_is_resumed(server: Server, folder: Path) -> None:
    server.answers["/a.pdf"] = [break_off(PDF, 20_000, ETag='"one"'), send_rest(PDF, '"one"')]
    (step,) = fetch(server, folder, "/a.pdf")
    assert (step.result, (folder / "a.pdf").read_bytes()) == ("new", PDF)
    assert server.asked[1][1]["range"] == "bytes=20000-"
    assert listing(folder) == ["a.pdf", MANIFEST]


def test_what_breaks_off_is_resumed_by_the_next_command(server: Server, folder: Path) -> None:
    server.answers["/a.pdf"] = [break_off(PDF, 20_000, ETag='"one"')] + [send(b"", 503)] * 3 + [send_rest(PDF, '"one"')]
    pauses = Pauses()
    (step,) = fetch(server, folder, "/a.pdf", pauses=pauses)
    assert (step.result, listing(folder)) == ("failed", [".a.pdf.part"])
    assert pauses == [2.0, 4.0, 8.0]
    (step,) = fetch(server, folder, "/a.pdf")
    assert (step.result, (folder / "a.pdf").read_bytes()) == ("new", PDF)
    assert server.asked[-1][1]["range"] == "bytes=20000-"


def test_what_changed_meanwhile_is_not_patched_together(server: Server, folder: Path) -> None:
    other = PDF.replace(b"x", b"y")
    server.answers["/a.pdf"] = [break_off(PDF, 20_000, ETag='"one"'), send_rest(other, '"two"')]
    fetch(server, folder, "/a.pdf")
    assert (folder / "a.pdf").read_bytes() == other


def test_a_busy_server_is_waited_for_as_long_as_it_says(server: Server, folder: Path) -> None:
    server.answers["/a.pdf"] = [send(b"", 429, Retry_After="7"), send(PDF)]
    server.answers["/b.pdf"] = [send(b"", 503, Retry_After="86400")]
    pauses = Pauses()
    steps = fetch(server, folder, "/a.pdf", "/b.pdf", pauses=pauses)
    assert [step.result for step in steps] == ["new", "failed"]
    assert pauses == [7.0]
    assert "asks to wait 86400 s" in steps[1].detail


def test_requests_keep_their_distance(server: Server, folder: Path) -> None:
    server.answers |= {"/a.pdf": [send(PDF)], "/b.pdf": [send(PDF)]}
    server.robots = b"User-agent: *\nCrawl-delay: 5\n"
    pauses = Pauses()
    fetch(server, folder, "/a.pdf", "/b.pdf", pauses=pauses, delay=3.0)
    assert pauses == [5.0, 5.0]


def test_robots_are_obeyed(server: Server, folder: Path) -> None:
    server.answers |= {"/a.pdf": [send(PDF)], "/private/b.pdf": [send(PDF)]}
    server.robots = b"User-agent: *\nDisallow: /private/\n"
    steps = fetch(server, folder, "/a.pdf", "/private/b.pdf")
    assert [step.result for step in steps] == ["new", "failed"]
    assert "robots.txt forbids" in steps[1].detail
    assert [path for path, _ in server.asked] == ["/a.pdf"]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (send(b"<html>Sorry</html>", kind="text/html; charset=utf-8"), "no PDF but text/html"),
        (send(b"<html>Sorry" + b" " * 5000), "is no PDF"),
        (send(b"short"), "is no PDF"),
        (send(b"gone", 410), "answers with 410"),
        (send(PDF * 30), "the limit is 1048576"),
        (send(PDF, Content_Encoding="gzip"), "packed"),
        (send(b"", 302, Location="http://example.org/a.pdf"), "only https"),
        (send(b"", 302, Location="https://example.org/a.pdf"), "another site, example.org"),
        (send(b"", 302, Location="file:///etc/passwd"), "no host"),
        (send(b"", 302, Location="https://user:word@127.0.0.1/a.pdf"), "names and passwords"),
        (send(b"", 302), "leads to nowhere"),
        (send(b"", 302, Location="/a.pdf"), "more than 5 redirects"),
    ],
)
def test_what_is_no_document_is_not_let_in(server: Server, folder: Path, answer: Answer, detail: str) -> None:
    server.answers |= {"/a.pdf": [answer], "/b.pdf": [send(PDF)]}
    bad, good = fetch(server, folder, "/a.pdf", "/b.pdf")
    assert (bad.result, good.result) == ("failed", "new")
    assert detail in bad.detail
    assert listing(folder) == ["b.pdf", MANIFEST]


def test_a_body_longer_than_the_limit_without_saying_so_is_cut(server: Server, folder: Path) -> None:
    def endless(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", "application/pdf")
        to.send_header("Connection", "close")
        to.end_headers()
        to.close_connection = True
        try:
            for _ in range(1000):
                to.wfile.write(PDF)
        except OSError:
            return

    server.answers["/a.pdf"] = [endless]
    (step,) = fetch(server, folder, "/a.pdf")
    assert "more than 1048576 bytes" in step.detail
    assert listing(folder) == []


def test_redirects_within_the_site_are_followed(server: Server, folder: Path) -> None:
    server.answers |= {"/a.pdf": [send(b"", 301, Location="/deep/a.pdf")], "/deep/a.pdf": [send(PDF)]}
    assert fetch(server, folder, "/a.pdf")[0].result == "new"


def test_a_listed_hash_must_fit(server: Server, folder: Path) -> None:
    server.answers["/a.pdf"] = [send(PDF)]
    (step,) = fetch_wanted([Wanted(f"{server.url}/a.pdf", "a.pdf", sha256="0" * 64)], folder)
    assert "not the one listed" in step.detail
    assert listing(folder) == []


def test_a_file_of_ones_own_is_not_replaced(server: Server, folder: Path) -> None:
    server.answers["/a.pdf"] = [send(PDF)]
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF mine")
    (step,) = fetch(server, folder, "/a.pdf")
    assert "move it away" in step.detail
    assert (folder / "a.pdf").read_bytes() == b"%PDF mine"


def test_the_command_fetches_by_number_from_the_registers_of_the_file(server: Server, folder: Path) -> None:
    celex = "/legal-content/EN/TXT/PDF/?uri=CELEX:32017D2315"
    server.answers |= {celex: [send(PDF)], "/doc/document/ST-9098-2023-INIT/fr/pdf": [send(PDF + b"2")]}
    sources = folder.parent / "sources.yml"
    sources.write_text(
        f"registers: {{eur-lex: {{base: '{server.url}'}}, council: {{base: '{server.url}'}}}}\n"
        "documents:\n"
        "- {celex: 32017D2315, restricted: true}\n"
        "- {council: ST-9098-2023-INIT, language: fr, kind: list_decision}\n"
        f"- {{url: '{server.url}/none.pdf'}}\n"
    )
    words = ["fetch", str(sources), "--into", str(folder), "--delay", "0"]
    dry = CliRunner().invoke(app, [*words, "--dry-run"])
    assert (dry.exit_code, server.asked, folder.exists()) == (0, [], False)
    assert "32017D2315.pdf" in dry.stdout
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 3
    assert "3 documents: 2 new, 1 failed" in done.stdout
    rows = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()[1:]
    assert rows[0].endswith(",Decision 2011/833/EU,,yes,")
    assert rows[1].endswith(",Decision (EU) 2017/1842,list_decision,,")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("documents:\n- {celex: 17D2315x}\n", "entry 1: '17D2315x' is no celex number like 32017D2315"),
        ("documents:\n- {url: 'http://example.org/a.pdf'}\n", "only https is fetched"),
        ("documents:\n- {url: 'https://e.org/a.pdf', filename: ../a.pdf}\n", "is no file name"),
        ("documents:\n- {url: 'https://e.org/a.pdf', filename: .a.pdf}\n", "is no file name"),
        ("documents:\n- {url: 'https://e.org/a.pdf', sort: nip}\n", "sort: Extra inputs"),
        ("documents:\n- {kind: nip}\n", "entry 1 needs one of celex, council, url"),
        ("documents:\n- {url: 'https://e.org/A.pdf'}\n- {url: 'https://f.org/a.pdf'}\n", "entries 1 and 2 would both"),
        ("document: []\n", "needs a list under `documents`"),
        ("documents: [\n", "is no YAML"),
        ("registers: {eur-lex: {base: 'ftp://e.org'}}\ndocuments: []\n", "register eur-lex: base: only https"),
    ],
)
def test_a_wrong_sources_file_is_refused_before_anything_is_fetched(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(text)
    with pytest.raises(PescoError, match=f".*{message}".replace("(", r"\(")):
        read_sources_file(path)


def test_a_table_of_sources_does_as_well(tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    path.write_text("celex,url,kind\n32018D0340,,list_decision\n,https://e.org/x/plan%20%282%29,\n", encoding="utf-8")
    wanted = read_sources_file(path)
    assert [(one.filename, one.kind) for one in wanted] == [("32018D0340.pdf", "list_decision"), ("plan_(2).pdf", "")]


def test_the_projects_own_list_is_right(root: Path) -> None:
    wanted = read_sources_file(root / "data" / "sources.yml")
    assert len(wanted) > 10
    assert {unsafe(one.url) for one in wanted} == {None}
