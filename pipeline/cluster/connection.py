"""A Dask cluster to read with: one that exists, or one of this machine that lives as long as the run.

What distributed raises on the way becomes one clear line (``PescoError``). A cluster of our own listens on 127.0.0.1
only and talks by certificates made for this run, since whoever reaches a scheduler can run code as its user.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import dask.config
from distributed import Client, LocalCluster, Security

from models.errors import PescoError
from pipeline.cluster.letters import describe_program
from pipeline.cluster.worker import ReadingPlugin, say_problem

HOST = "127.0.0.1"
CONNECT_SECONDS = 30.0
# How long to wait for a first worker, and for another one when all are gone.
WORKER_PATIENCE_SECONDS = 60.0
_OWN = {
    # Each attempt at a document that kills its worker costs a worker; two tell enough.
    "distributed.scheduler.allowed-failures": 1,
    "distributed.worker.daemon": False,
}
_LOGGERS = ("distributed", "tornado.application", "asyncio")


@contextmanager
def connected(address: str | None, workers: int) -> Iterator[Client]:
    """Give a client of the scheduler at an address, or of a cluster of this machine with so many workers.

    Raises ``PescoError`` when there is no scheduler or no worker.
    """
    with _quiet(), _client(address, workers) as client:
        try:
            client.wait_for_workers(1, timeout=WORKER_PATIENCE_SECONDS)
        except TimeoutError as error:
            where = client.scheduler.address
            raise PescoError(f"the Dask scheduler at {where} has no worker; start some: dask worker {where}") from error
        yield client


@contextmanager
def prepared(client: Client, plugin: ReadingPlugin) -> Iterator[None]:
    """Give each worker of a cluster, also those that come later, a run's plugin for as long as the context lasts.

    Raises ``PescoError`` when a worker has another program than this one, or none.
    """
    _call(lambda: client.run_on_scheduler(describe_program), "the Dask scheduler")
    _call(lambda: client.register_plugin(plugin), "a Dask worker")
    try:
        problems = _call(lambda: client.run(say_problem, plugin.name), "a Dask worker")
        bad = [f"{where} has {problem}" for where, problem in sorted(problems.items()) if problem]
        if bad:
            raise PescoError(f"workers with another program are refused: {'; '.join(bad)}; {_SAME}")
        yield
    finally:
        if client.status == "running":
            with suppress(OSError, TimeoutError, RuntimeError):  # the scheduler may be gone
                client.unregister_worker_plugin(plugin.name)


_SAME = "install the same release, with the same rule files, for scheduler, workers and this command"


def _call(function: Callable[[], dict[str, str]], who: str) -> dict[str, str]:
    """Return what a function that runs elsewhere gives; raises ``PescoError`` when this program is not there."""
    try:
        return function()
    except (ImportError, AttributeError) as error:
        raise PescoError(f"{who} can't load this program ({error}); {_SAME}") from error
    except OSError as error:
        raise PescoError(f"{who} does not answer: {error}") from error


@contextmanager
def _client(address: str | None, workers: int) -> Iterator[Client]:
    if address is not None:
        with _open_client(address) as client:
            yield client
        return
    security = Security.temporary()
    with (
        dask.config.set(_OWN),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host=HOST,
            dashboard_address=f"{HOST}:0",
            security=security,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _open_client(address: str) -> Client:
    try:
        return Client(address, set_as_default=False, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, TypeError) as error:
        raise PescoError(f"no Dask scheduler answers at {address} ({error}); start one: dask scheduler") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep distributed's log lines off the terminal; what matters is raised."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
