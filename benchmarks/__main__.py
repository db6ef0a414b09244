"""Runs the benchmarks and writes ``benchmarks/results.md``: ``python -m benchmarks [NAME...] [--rounds N]``."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.peers import add_peers
from benchmarks.report import MissingError, Section, write_results

BENCHMARKS = {
    "help": "start:measure_help",
    "known": "whole:measure_known",
    "memory": "growth:measure_memory",
    "loading": "growth:measure_loading",
    "peers": "peers:measure_peers",
    "whole": "whole:measure_whole",
    "nochange": "growth:measure_no_change",
    "reading": "growth:measure_reading",
    "engines": "engines:measure_engines",
    "afternoon": "afternoon:measure_afternoon",
}


def main() -> int:
    """Run what is asked for, all by default; return 1 when something needed is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", type=Path, metavar="DIR", help="site-packages of a virtual environment with peers")
    options = parser.parse_args()
    if options.peers:
        add_peers(options.peers)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}")
    code = 0
    for name in options.names or BENCHMARKS:
        module, _, function = BENCHMARKS[name].partition(":")
        try:
            section: Section = getattr(import_module(f"benchmarks.{module}"), function)(options.rounds)
        except (MissingError, ImportError) as error:
            print(f"{name}: left out: {error}", file=sys.stderr)
            code = 1
            continue
        write_results([section], options.rounds)
        print(section.markdown())
    return code


if __name__ == "__main__":
    sys.exit(main())
