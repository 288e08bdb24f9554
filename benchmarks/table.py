"""Measure every row, and print the table of the README; ``--write`` puts it there.

    python benchmarks/table.py [--write]

Every ratio is against an opponent in the same run, best of several after a warm-up, with the result checked.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
MODULES = ("bench_start", "bench_allocation", "bench_games", "bench_impact", "bench_grants", "bench_bundle")


def lines() -> list[str]:
    """Measure, and write the table as Markdown."""
    sys.path.insert(0, str(HERE))
    found = ["| what | opponent | measured | must |", "|---|---|---|---|"]
    for name in MODULES:
        if (HERE / f"{name}.py").exists():
            found += [f"| {' | '.join(row)} |" for row in importlib.import_module(name).table()]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table in the README")
    asked = parser.parse_args()
    text = "\n".join(lines())
    print(text)
    if asked.write:
        readme = HERE.parent / "README.md"
        before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
        _, after = rest.split(END)
        readme.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
