"""``pesco schedule``: a work pool, the deployments and an automation, written into Prefect's records.

It talks to the server that is configured or runs in this project, else to one of its own for a moment: the records are
the same, so the order of ``pesco schedule`` and ``pesco server`` does not matter.
"""

import importlib
import os
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows import settings

settings.use_project_state()  # Prefect reads its settings when it is imported

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, StateType
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker
from pydantic import ValidationError

from flows.deployments import COLLISIONS, TAG, WORK_POOL, Deployment, Schedule, Wish, deployments
from flows.request import CheckRequest, IngestRequest
from flows.runs import command
from flows.server import server_ready
from flows.terminal import add_row, make_table, open_console, plain
from models.errors import PescoError

SILENT_RUNS = "pesco: runs that fell silent have crashed"
# Three heartbeats of `pesco server`.
SILENCE = timedelta(seconds=90)
_ENDS = ("Completed", "Failed", "Cancelled", "Crashed", "Scheduled", "AwaitingRetry")


def schedule_runs(wish: Wish) -> None:
    """Write what shall run by itself, and say what to start; raises ``PescoError`` for a wrong time or no server."""
    wanted = deployments(wish)
    _check(wish, wanted)
    with server_ready(), get_client(sync_client=True) as client:
        deploy(client, wanted)
    _print(wanted)


def deploy(client: SyncPrefectClient, wanted: tuple[Deployment, ...]) -> None:
    """Write work pool, deployments and the automation, in place of what has the same name."""
    client.create_work_pool(
        WorkPoolCreate(
            name=WORK_POOL,
            type="process",
            description="Runs of this project, as processes of the machine that the worker runs on",
            base_job_template=ProcessWorker.get_default_base_job_template(),
        ),
        overwrite=True,
    )
    for deployment in wanted:
        _deploy_one(client, deployment)
    _watch_for_silence(client)


def local_timezone() -> str:
    """Return the name of this machine's time zone, or ``UTC`` when it cannot be told."""
    named = os.environ.get("TZ", "").lstrip(":")
    link = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    for name in (named, link):
        if name and _zone(name) is not None:
            return name
    return "UTC"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _check(wish: Wish, wanted: tuple[Deployment, ...]) -> None:
    """Refuse times that Prefect would not take; raises ``PescoError``."""
    if _zone(wish.timezone) is None:
        raise PescoError(f"there is no time zone {wish.timezone!r}; try Europe/Helsinki, or UTC")
    for deployment in wanted:
        try:
            if deployment.schedule is not None:
                _prefect_schedule(deployment.schedule)
            model = CheckRequest if "check" in deployment.tags else IngestRequest
            model.model_validate(deployment.parameters["request"])
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            advice = "a cron line has five fields, as in: 0 2 * * *"
            raise PescoError(f"{deployment.name}: {first['msg']}; {advice}") from error


def _deploy_one(client: SyncPrefectClient, deployment: Deployment) -> None:
    """Write one deployment. Its code is this installation's, found by the name of its module."""
    module, _, name = deployment.entrypoint.rpartition(".")
    flow = getattr(importlib.import_module(module), name)
    schedules = []
    if deployment.schedule is not None:
        schedules = [DeploymentScheduleCreate(schedule=_prefect_schedule(deployment.schedule), slug="by-itself")]
    client.create_deployment(
        flow_id=client.create_flow(flow),
        name=deployment.name,
        description=deployment.description,
        entrypoint=deployment.entrypoint,
        work_pool_name=WORK_POOL,
        parameters=dict(deployment.parameters),
        parameter_openapi_schema=parameter_schema(flow).model_dump_for_openapi(),
        enforce_parameter_schema=True,
        schedules=schedules,
        concurrency_limit=1,
        concurrency_options=ConcurrencyOptions(
            collision_strategy=ConcurrencyLimitStrategy(COLLISIONS[deployment.if_running])
        ),
        tags=list(deployment.tags),
        job_variables=job_variables(),
    )


def job_variables() -> dict[str, object]:
    """Return how the worker starts a run: with this Python, in this project's folder."""
    return {
        "command": f"{shlex.quote(sys.executable)} -m prefect.engine",
        "working_dir": str(settings.project_folder()),
        "env": {
            "PESCO_HOME": str(settings.project_folder()),
            "PYTHONPATH": str(settings.CHECKOUT),
            **({"PESCO_INBOX": inbox} if (inbox := os.environ.get("PESCO_INBOX")) else {}),
        },
    }


def _prefect_schedule(wanted: Schedule) -> CronSchedule | IntervalSchedule:
    if wanted.cron is not None:
        return CronSchedule(cron=wanted.cron, timezone=wanted.timezone)
    return IntervalSchedule(
        interval=timedelta(seconds=wanted.every_seconds or 0), anchor_date=datetime.now(UTC), timezone=wanted.timezone
    )


def _watch_for_silence(client: SyncPrefectClient) -> None:
    """Let the server call a run crashed whose heartbeats have stopped, wherever its worker is."""
    automation = AutomationCore(
        name=SILENT_RUNS,
        description="A run whose heartbeats stopped has lost its process; `pesco server` then runs it again.",
        trigger=EventTrigger(
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(
                {"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"}
            ),
            for_each={"prefect.resource.id"},
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *(f"prefect.flow-run.{end}" for end in _ENDS)},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="its heartbeats stopped")],
    )
    for old in client.read_automations_by_name(SILENT_RUNS):
        client.delete_automation(old.id)
    client.create_automation(automation)


def _print(wanted: tuple[Deployment, ...]) -> None:
    """Say what runs when, and what to start."""
    console = open_console()
    table = make_table("deployment", "when", "while another run writes")
    for deployment in wanted:
        add_row(table, deployment.name, _when(deployment.schedule), deployment.if_running)
    console.print(table)
    if (url := settings.running_server()) is not None:
        console.print(f"They run by themselves: {plain(url.removesuffix('/api'))}/deployments")
    elif "PREFECT_API_URL" in os.environ:
        console.print(f"Next, on the machine that shall do the work: prefect worker start --pool {WORK_POOL}")
    else:
        console.print(f"Next: {command()} server")


def _when(wanted: Schedule | None) -> str:
    if wanted is None:
        return "when you start it"
    if wanted.cron is None:
        return f"every {wanted.every_seconds} s"
    return f"{wanted.cron}  ({wanted.timezone})"
