"""The project's folder, and what Prefect is told."""

import os
from pathlib import Path

import pytest

from flows import settings
from models.errors import PescoError


@pytest.fixture(autouse=True)
def no_prefect_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PREFECT_") or name in {"DO_NOT_TRACK", "PESCO_HOME"}:
            monkeypatch.delenv(name)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment that the test may change."""
    copy = dict(os.environ)
    monkeypatch.setattr(os, "environ", copy)
    return copy


def test_the_folder_named_by_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PESCO_HOME", str(tmp_path))
    assert settings.default_database() == tmp_path / "data" / "processed" / "pesco.db"


def test_a_current_folder_with_an_inbox_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert settings.inbox() == tmp_path / "data" / "raw"


def test_from_anywhere_else_the_checkout_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.project_folder() == root


def test_prefect_stays_in_the_project_and_calls_nobody(environment: dict[str, str], tmp_path: Path) -> None:
    environment["PESCO_HOME"] = str(tmp_path)
    settings.use_project_state()
    assert environment["PREFECT_HOME"] == str(tmp_path / "data" / "processed" / "prefect")
    assert Path(environment["PREFECT_HOME"]).is_dir()
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"


def test_the_number_of_records_kept_is_the_users(environment: dict[str, str]) -> None:
    assert settings.kept_runs() == settings.KEEP_RUNS
    environment["PESCO_KEEP_RUNS"] = "30"
    assert settings.kept_runs() == 30
    for wrong in ("many", "-1", "1.5"):
        environment["PESCO_KEEP_RUNS"] = wrong
        with pytest.raises(PescoError, match="PESCO_KEEP_RUNS"):
            settings.kept_runs()


def test_what_the_environment_says_already_stays(environment: dict[str, str], tmp_path: Path) -> None:
    environment["PREFECT_HOME"] = str(tmp_path / "mine")
    settings.use_project_state()
    assert environment["PREFECT_HOME"] == str(tmp_path / "mine")


def test_a_folder_that_cannot_be_made_is_a_clear_error(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    environment["PESCO_HOME"] = str(tmp_path)
    with pytest.raises(PescoError, match="--direct"):
        settings.use_project_state()
