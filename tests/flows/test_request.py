"""What is asked of a run, from the command line's words."""

from pathlib import Path

import pytest

from flows.request import make_request
from models.errors import PescoError
from pipeline.ingest import Engine


def test_an_address_needs_the_engine_that_uses_it(tmp_path: Path) -> None:
    with pytest.raises(PescoError, match="^dask_address is for the engine dask$"):
        make_request([tmp_path], tmp_path / "pesco.db", dask_address="tcp://127.0.0.1:8786")
    options = make_request(
        [tmp_path], tmp_path / "pesco.db", engine="dask", dask_address="tcp://127.0.0.1:8786"
    ).options()
    assert (options.engine, options.dask_address) == (Engine.DASK, "tcp://127.0.0.1:8786")
