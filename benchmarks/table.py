"""Measure every row, and print the table.

    python benchmarks/table.py [--record VERSION]

``--record`` keeps the rows of a release in ``history/VERSION.json``, which the site shows and plots.

Every ratio is against an opponent in the same run, best of several after a warm-up, with the result checked.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import re
import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
MODULES = ("bench_start", "bench_allocation", "bench_games", "bench_impact", "bench_grants", "bench_bundle")


def lines() -> list[str]:
    """Measure, and write the table as Markdown."""
    sys.path.insert(0, str(HERE))
    found = ["| what | opponent | measured | must |", "|---|---|---|---|"]
    for name in MODULES:
        if (HERE / f"{name}.py").exists():
            found += [f"| {' | '.join(row)} |" for row in importlib.import_module(name).table()]
    return found


def history(text: str, version: str, measured_on: str) -> dict[str, object]:
    """Return the rows of a table as they are kept: as they stand, and how many times as fast where they say that."""
    rows: list[dict[str, object]] = []
    for line in text.splitlines()[2:]:
        what, opponent, measured, must = (cell.strip() for cell in line.strip("|").split(" | "))
        fast = re.search(r"([\d.]+) x as fast", measured)
        key = f"{what} / {opponent.partition(',')[0]}"
        again = sum(str(row["key"]).partition(" #")[0] == key for row in rows)
        rows.append(
            {
                "key": f"{key} #{again + 1}" if again else key,
                "what": what,
                "opponent": opponent,
                "measured": measured,
                "must": must,
                "times_as_fast": float(fast[1]) if fast else None,
            }
        )
    machine = f"{platform.machine()}, 2 cores, {platform.system()}"
    return {"version": version, "measured_on": measured_on, "machine": machine, "rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", metavar="VERSION", help="keep the rows in history/VERSION.json")
    parser.add_argument("--measured-on", default=str(date.today()), help="day of the measurement")
    asked = parser.parse_args()
    text = "\n".join(lines())
    print(text)
    if asked.record:
        kept = history(text, asked.record, asked.measured_on)
        (HERE / "history").mkdir(exist_ok=True)
        file = HERE / "history" / f"{asked.record}.json"
        file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
