"""What runs by itself, as data: the two places that say it agree, and the server's own check refuses wrong values."""

from pathlib import Path

import pytest
import yaml
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import validate

from flows import schedule
from flows.deployments import COLLISIONS, WORK_POOL, Deployment, Wish, deployments
from flows.full_check import pesco_check
from flows.ingest import pesco_ingest
from models.errors import PescoError


def as_yaml(deployment: Deployment) -> dict[str, object]:
    """What ``prefect.yaml`` should say of a deployment."""
    module, _, name = deployment.entrypoint.rpartition(".")
    said: dict[str, object] = {
        "name": deployment.name,
        "description": deployment.description,
        "entrypoint": f"{module.replace('.', '/')}.py:{name}",
        "parameters": dict(deployment.parameters),
        "concurrency_limit": {"limit": 1, "collision_strategy": COLLISIONS[deployment.if_running]},
        "enforce_parameter_schema": True,
        "tags": list(deployment.tags),
        "work_pool": {"name": WORK_POOL, "job_variables": {"working_dir": "{{ $PWD }}"}},
    }
    if deployment.schedule is not None:
        said["schedules"] = [{"cron": deployment.schedule.cron, "timezone": "UTC", "slug": "by-itself"}]
    return said


def test_prefect_yaml_says_what_the_code_says(root: Path) -> None:
    written = yaml.safe_load((root / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert written == [as_yaml(deployment) for deployment in deployments(Wish())]


def test_wishes_reach_the_deployments() -> None:
    wish = Wish(("/in",), "/x.db", every_seconds=60, weekly=None, timezone="Europe/Helsinki", if_running="skip")
    nightly, on_demand, weekly = deployments(wish)
    assert nightly.schedule is not None
    assert (nightly.schedule.cron, nightly.schedule.every_seconds) == (None, 60)
    assert nightly.schedule.timezone == "Europe/Helsinki"
    assert nightly.parameters == {"request": {"paths": ["/in"], "db": "/x.db", "if_running": "skip"}}
    assert on_demand.parameters == {"request": {"paths": ["/in"], "db": "/x.db", "if_running": "wait"}}
    assert (on_demand.schedule, weekly.schedule) == (None, None)
    assert weekly.parameters == {"request": {"db": "/x.db"}}
    assert (nightly.if_running, on_demand.if_running) == ("skip", "wait")


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish(nightly="at two"), "five fields"),
        (Wish(weekly="61 * * * *"), "weekly"),
        (Wish(timezone="Atlantis/City"), "no time zone"),
    ],
)
def test_times_that_mean_nothing_are_refused_before_a_server_is_asked(wish: Wish, message: str) -> None:
    with pytest.raises(PescoError, match=message):
        schedule.schedule_runs(wish)


@pytest.mark.parametrize(
    ("request_", "is_right"),
    [
        ({}, True),
        ({"paths": ["/in", "/else"], "again": "rules", "workers": 2, "if_running": "skip"}, True),
        ({"selection": {"kind": ["nip"], "year": [2025], "state": ["FI"], "only": ["x.pdf"]}, "engine": "local"}, True),
        ({"selection": {"kind": ["novel"]}}, False),
        ({"selection": {"year": [25]}}, False),
        ({"selection": {"state": ["Finland"]}}, False),
        ({"engine": "steam"}, False),
        ({"workers": 0}, False),
        ({"again": "everything"}, False),
        ({"paths": "/in"}, False),
        ({"retry": "perhaps"}, False),
        ({"no_such_field": 1}, False),
    ],
)
def test_the_form_takes_right_values_and_no_others(request_: dict[str, object], is_right: bool) -> None:
    form = parameter_schema(pesco_ingest).model_dump_for_openapi()
    assert (not validate({"request": request_}, form, raise_on_error=False)) is is_right


def test_the_check_has_a_form_too() -> None:
    form = parameter_schema(pesco_check).model_dump_for_openapi()
    assert not validate({"request": {"with_files": False}}, form, raise_on_error=False)
    assert validate({"request": {"with_files": "yes"}}, form, raise_on_error=False)


def test_the_local_time_zone_is_one_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    assert schedule._zone(schedule.local_timezone()) is not None
    monkeypatch.setenv("TZ", "Europe/Helsinki")
    assert schedule.local_timezone() == "Europe/Helsinki"
    monkeypatch.setenv("TZ", "/no/such:zone")
    assert schedule._zone(schedule.local_timezone()) is not None
