"""The reading room over HTTP: every page answers, says what it should, and lets no script of a document run."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from flows import browse
from flows.room.headers import DATASETTE_POLICY, STRICT_POLICY
from flows.room.site import Site
from pipeline.ingest import IngestOptions, ingest
from pipeline.store.schema import open_database
from tests.printing import print_pdf

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without a document, under a name of its own."""
    path = tmp_path_factory.mktemp("site") / "anything.db"
    open_database(path).close()
    return path


@pytest.fixture(scope="module")
def hostile(samples_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, with markup wherever a document could put it."""
    path = tmp_path_factory.mktemp("hostile") / "pesco.db"
    with closing(sqlite3.connect(samples_db)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        for table, column in (
            *(("documents", "title"), ("documents", "filename"), ("pages", "text"), ("mentions", "text")),
            *(("participations", "quote"), ("milestones", "quote"), ("commitment_statuses", "quote")),
            *(("files", "path"), ("files", "reason"), ("files", "advice"), ("candidates", "text")),
        ):
            copy.execute(f"UPDATE {table} SET {column} = {column} || ?", (HOSTILE,))
        copy.execute("UPDATE files SET status = 'quarantined' WHERE path LIKE '%factsheet%'")
        copy.execute(
            "INSERT INTO issues (id, document_id, filename, page, position, code, severity, message, context)"
            " SELECT 'i1', id, filename, 1, 0, ?, 'warning', ?, '{}' FROM documents LIMIT 1",
            (HOSTILE, HOSTILE),
        )
        copy.commit()
    return path


class Visitor:
    """Asks one site for pages."""

    def __init__(self, db: Path) -> None:
        self.site: Site = browse.make_site(db)

    def get(self, url: str) -> httpx.Response:
        async def fetch() -> httpx.Response:
            await self.site.invoke_startup()
            answer: httpx.Response = await self.site.client.get(url, follow_redirects=True)
            return answer

        return asyncio.run(fetch())


def visit(db: Path) -> Iterator[Visitor]:
    visitor = Visitor(db)
    yield visitor
    visitor.site.close()


@pytest.fixture(scope="module")
def nobody(empty: Path) -> Iterator[Visitor]:
    yield from visit(empty)


@pytest.fixture(scope="module")
def samples(samples_db: Path) -> Iterator[Visitor]:
    yield from visit(samples_db)


@pytest.fixture(scope="module")
def dangerous(hostile: Path) -> Iterator[Visitor]:
    yield from visit(hostile)


def addresses(db: Path) -> dict[str, str]:
    """An address of a page of each kind."""
    with closing(sqlite3.connect(db)) as connection:

        def one(sql: str) -> str:
            return str(connection.execute(sql).fetchone()[0])

        nip = one("SELECT id FROM documents WHERE kind = 'nip'")
        return {
            "home": "/",
            "projects": "/projects",
            "project": "/projects/cidcc",
            "states": "/states",
            "state": "/states/FI",
            "commitments": "/commitments",
            "commitment": "/commitments/14",
            "documents": "/documents",
            "document": f"/documents/{nip}",
            "page": f"/documents/{nip}/pages/3",
            "page, large": f"/documents/{nip}/pages/3?zoom=2",
            "mention": "/mentions/" + one("SELECT id FROM mentions WHERE value = 'cidcc' LIMIT 1"),
            "participation": "/participations/" + one("SELECT id FROM participations LIMIT 1"),
            "milestone": "/milestones/" + one("SELECT id FROM milestones WHERE was IS NOT NULL LIMIT 1"),
            "status": "/statuses/" + one("SELECT id FROM commitment_statuses WHERE state = 'FI' LIMIT 1"),
        }


def test_the_first_page_is_ours_and_the_tables_stand_at_the_same_place_always(nobody: Visitor) -> None:
    home = nobody.get("/")
    assert home.status_code == 200
    assert "Nothing is loaded yet" in home.text
    assert 'href="/pesco"' in home.text
    assert nobody.get("/pesco/mentions").status_code == 200


@pytest.mark.parametrize("url", ["/projects", "/projects/cidcc", "/states/FI", "/commitments/1", "/documents"])
def test_a_database_without_documents_has_its_pages(url: str, nobody: Visitor, empty: Path) -> None:
    # The gazetteers come with the first run.
    assert nobody.get(url).status_code in (200, 404)
    assert nobody.get("/documents").status_code == 200


def test_every_answer_carries_the_policy(nobody: Visitor) -> None:
    assert nobody.get("/").headers["content-security-policy"] == STRICT_POLICY
    assert nobody.get("/nothing").headers["content-security-policy"] == STRICT_POLICY
    for url in ("/pesco", "/pesco/mentions", "/pesco.json", "/assets/room.css"):
        policy = nobody.get(url).headers["content-security-policy"]
        assert policy == DATASETTE_POLICY
        assert "script-src 'self';" in policy


def test_every_page_answers_and_has_what_a_reader_by_keyboard_needs(samples: Visitor, samples_db: Path) -> None:
    for name, url in addresses(samples_db).items():
        answer = samples.get(url)
        assert answer.status_code == 200, name
        text = answer.text
        assert text.count("<h1") == 1, name
        assert '<a class="skip" href="#content">' in text
        assert '<main id="content"' in text
        assert '<html lang="en">' in text
        assert all("alt=" in picture for picture in re.findall(r"<img[^>]*>", text)), name
        assert all("scope=" in head for head in re.findall(r"<th[ >][^>]*>?", text)), name
        ids = re.findall(r'\sid="([^"]*)"', text)
        assert len(ids) == len(set(ids)), name
        # Nothing that the policy forbids, and nothing from elsewhere.
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", text), name
        sources = re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', text)
        assert all(source.startswith("/") and not source.startswith("//") for source in sources), name


def test_what_a_document_says_is_text_everywhere(dangerous: Visitor, hostile: Path) -> None:
    seen = 0
    with closing(sqlite3.connect(hostile)) as connection:
        issue = str(connection.execute("SELECT document_id FROM issues").fetchone()[0])
    for name, url in {**addresses(hostile), "issues": f"/documents/{issue}"}.items():
        text = dangerous.get(url).text
        assert "<script>alert" not in text, name
        assert "<img src=x" not in text, name
        assert "onerror=alert(2)>" not in text.replace("&gt;", ""), name
        seen += "&lt;script&gt;alert(1)" in text
    assert seen >= 10


@pytest.mark.parametrize(
    "url",
    [
        *("/projects/none", "/states/XX", "/commitments/21", "/documents/none", "/mentions/none", "/statuses/none"),
        *("/documents/none/pages/1", "/documents/none/pages/1-1.png", "/projects/cidcc?page=0", "/documents?year=x"),
        *("/documents/../../etc/passwd", "/documents/%2e%2e%2fpesco/pages/1-1.png", "/projects/%3Cscript%3E"),
        *("/projects/cidcc?page=99999999999", "/milestones/'%20OR%201=1"),
    ],
)
def test_what_is_not_there_is_not_found(url: str, samples: Visitor, capfd: pytest.CaptureFixture[str]) -> None:
    answer = samples.get(url)
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    # A visitor's mistake leaves no trace in the log.
    assert capfd.readouterr() == ("", "")


def test_a_page_of_no_document_is_not_drawn(samples: Visitor, samples_db: Path) -> None:
    page = addresses(samples_db)["page"]
    assert samples.get(f"{page}-1.png").headers["content-type"] == "image/png"
    for other in (page.replace("/pages/3", "/pages/0"), page.replace("/pages/3", "/pages/99")):
        assert samples.get(f"{other}-1.png").status_code == 404
    assert samples.get(f"{page}-3.png").status_code == 404


def test_a_fact_leads_to_its_words_although_its_file_is_gone_or_another(root: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "in" / "recommendation.pdf"
    pdf.parent.mkdir()
    shutil.copy(root / "data" / "raw" / pdf.name, pdf)
    db = tmp_path / "pesco.db"
    ingest([pdf], IngestOptions(db, workers=1))
    visitor = Visitor(db)
    try:
        with closing(sqlite3.connect(db)) as connection:
            identifier, quote = connection.execute("SELECT id, quote FROM milestones LIMIT 1").fetchone()
        url = f"/milestones/{identifier}"
        assert "<svg" in visitor.get(url).text
        pdf.write_bytes(pdf.read_bytes() + b"%")
        changed = visitor.get(url).text
        pdf.unlink()
        gone = visitor.get(url).text
    finally:
        visitor.site.close()
    assert "The file has changed since it was read" in changed
    assert "The file is no longer where it was read" in gone
    for text in (changed, gone):
        assert "<svg" not in text
        assert f"<blockquote>{quote}</blockquote>" in text
        assert 'class="page-text"' in text
        assert 'class="chosen"' in text


def test_what_a_run_writes_is_seen_by_the_next_page(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    db = tmp_path / "pesco.db"
    print_pdf("CIDCC reached its IOC in 2025.", folder / "one.pdf")
    ingest([folder], IngestOptions(db, workers=1))
    visitor = Visitor(db)
    try:
        assert ">one.pdf</a>" in visitor.get("/documents").text
        assert "two.pdf" not in visitor.get("/documents").text
        print_pdf("CIDCC reaches its FOC in 2029.", folder / "two.pdf")
        ingest([folder], IngestOptions(db, workers=1))
        assert ">two.pdf</a>" in visitor.get("/documents").text
        assert "full operational capability" in visitor.get("/projects/cidcc").text
    finally:
        visitor.site.close()
