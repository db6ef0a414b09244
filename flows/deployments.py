"""What runs by itself: the deployments of this project, as data; ``prefect.yaml`` says the same for Prefect's command.

A deployment is a flow with default parameters, a schedule or none, and a rule for runs that would overlap. Nothing here
talks to a server; ``flows.schedule`` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WORK_POOL = "pesco"
TAG = "pesco"
INGEST_ENTRYPOINT = "flows.ingest.pesco_ingest"
CHECK_ENTRYPOINT = "flows.full_check.pesco_check"
NIGHTLY_CRON = "0 2 * * *"
WEEKLY_CRON = "0 5 * * 0"
# What Prefect calls waiting and skipping when a run of the same deployment is still under way.
COLLISIONS = {"wait": "ENQUEUE", "skip": "CANCEL_NEW"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a deployment runs: by a cron line, or every so many seconds; times are those of ``timezone``."""

    cron: str | None = None
    every_seconds: int | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow that can be started from Prefect's page, and that a schedule starts where there is one."""

    name: str
    entrypoint: str
    description: str
    parameters: Mapping[str, object]
    schedule: Schedule | None = None
    if_running: str = "wait"
    tags: tuple[str, ...] = (TAG,)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user wants to run by itself. ``paths`` and ``db`` are storable text; none means the project's own.

    ``every_seconds`` takes the place of ``nightly``; a cron line of ``None`` leaves a deployment without a schedule.
    """

    paths: tuple[str, ...] = ()
    db: str | None = None
    nightly: str | None = NIGHTLY_CRON
    every_seconds: int | None = None
    weekly: str | None = WEEKLY_CRON
    timezone: str = "UTC"
    if_running: str = "wait"


def deployments(wish: Wish) -> tuple[Deployment, ...]:
    """Return the three deployments: ingest by night, ingest on demand, and the full check by week.

    Of runs on one database only one writes at a time whatever Prefect does: a run on demand waits for the nightly one.
    """
    ingest: dict[str, object] = {"if_running": wish.if_running}
    check: dict[str, object] = {}
    if wish.paths:
        ingest["paths"] = list(wish.paths)
    if wish.db is not None:
        ingest["db"] = check["db"] = wish.db
    on_demand = {**ingest, "if_running": "wait"}
    return (
        Deployment(
            name="nightly",
            entrypoint=INGEST_ENTRYPOINT,
            description="Reads what is new or changed in the inbox.",
            parameters={"request": ingest},
            schedule=_schedule(None if wish.every_seconds else wish.nightly, wish),
            if_running=wish.if_running,
            tags=(TAG, "ingest"),
        ),
        Deployment(
            name="on-demand",
            entrypoint=INGEST_ENTRYPOINT,
            description="Reads files and folders that you name, again if you wish.",
            parameters={"request": on_demand},
            tags=(TAG, "ingest"),
        ),
        Deployment(
            name="weekly",
            entrypoint=CHECK_ENTRYPOINT,
            description="Compares files with what was read, and looks for damage in the database and the kept pages.",
            parameters={"request": check},
            schedule=_schedule(wish.weekly, wish, every=False),
            tags=(TAG, "check"),
        ),
    )


def _schedule(cron: str | None, wish: Wish, *, every: bool = True) -> Schedule | None:
    if every and wish.every_seconds:
        return Schedule(every_seconds=wish.every_seconds, timezone=wish.timezone)
    return None if cron is None else Schedule(cron=cron, timezone=wish.timezone)
