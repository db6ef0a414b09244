"""What is asked of a run, from the command line's words."""

from pathlib import Path

import pytest

from flows.request import make_request
from models.errors import PescoError
from pipeline.ingest import Engine
from pipeline.store.kept import DEFAULT_MAX_BYTES


def test_kept_pages_have_a_limit(tmp_path: Path) -> None:
    assert make_request([tmp_path], tmp_path / "pesco.db").options().kept_bytes == DEFAULT_MAX_BYTES
    assert make_request([tmp_path], tmp_path / "pesco.db", keep_pages=200).options().kept_bytes == 200 << 30


def test_an_address_needs_the_engine_that_uses_it(tmp_path: Path) -> None:
    with pytest.raises(PescoError, match="^dask_address is for the engine dask$"):
        make_request([tmp_path], tmp_path / "pesco.db", dask_address="tcp://127.0.0.1:8786")
    options = make_request(
        [tmp_path], tmp_path / "pesco.db", engine="dask", dask_address="tcp://127.0.0.1:8786"
    ).options()
    assert (options.engine, options.dask_address) == (Engine.DASK, "tcp://127.0.0.1:8786")
