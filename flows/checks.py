"""``pesco check`` from the shell: a bar while files are read, then what was found and what to do."""

import sys
from dataclasses import asdict

from flows.request import CheckRequest
from flows.terminal import add_row, make_table, open_console, plain, print_json
from pipeline.full_check import CheckReport, full_check

_EVERY = 100


def check(request: CheckRequest, *, as_json: bool) -> int:
    """Check, print what was found, return the exit code: 0 all is well, 3 something was found."""
    report = full_check(request.options(), _report)
    if as_json:
        print_json({**asdict(report), "exit_code": report.exit_code})
    else:
        _print(report)
    return report.exit_code


def _report(done: int, total: int) -> None:
    """Say now and then how far it is, on standard error."""
    if done % _EVERY == 0 and done < total:
        sys.stderr.write(f"{done} of {total} files\n")


def _print(report: CheckReport) -> None:
    console = open_console()
    console.print(plain(report.message))
    if report.findings:
        table = make_table("trouble", "where", "what to do")
        for finding in report.findings:
            add_row(table, finding.trouble, finding.what, finding.advice)
        console.print(table)
