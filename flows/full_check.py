"""The flow ``pesco-check`` and the command ``pesco check``: one function of ``pipeline``, its report shown."""

from flows.settings import use_project_state

use_project_state()  # Prefect reads its settings when it is imported

from prefect import flow
from prefect.client.schemas import State
from prefect.states import Completed, Failed

from flows.artifacts import show_check
from flows.request import CheckRequest
from flows.run_names import check_name
from models.errors import PescoError
from pipeline.full_check import full_check


@flow(name="pesco-check", flow_run_name=check_name, persist_result=False)
def pesco_check(request: CheckRequest = CheckRequest()) -> State[object]:  # noqa: B008 - it is frozen
    """Compare files with what was read, and look for damage. Ends as Completed, CompletedWithFindings or Failed."""
    try:
        report = full_check(request.options())
    except PescoError as error:
        return Failed(message=str(error))
    show_check(report)
    name = "CompletedWithFindings" if report.findings else "Completed"
    return Completed(name=name, message=report.message)
