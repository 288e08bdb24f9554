"""The page of measurements: a plot of how each row went from release to release, and the rows of the last one."""

from __future__ import annotations

import json
from html import escape
from math import log10
from pathlib import Path
from typing import Any

from . import write

HISTORY = Path(__file__).parents[2] / "benchmarks/history"
_LEFT, _WIDTH, _ROW = 520, 420, 22


def make(page: Path, plot: Path) -> None:
    """Write the plot and the table."""
    releases = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(HISTORY.glob("*.json"))]
    last = releases[-1]
    write(plot, _drawn(releases, [row["key"] for row in last["rows"] if row["times_as_fast"] is not None]))
    lines = [f"Version {last['version']}, measured on {last['measured_on']}: {last['machine']}.", ""]
    lines += ["| what | opponent | measured | must |", "|---|---|---|---|"]
    columns = ("what", "opponent", "measured", "must")
    lines += [f"| {' | '.join(row[name] for name in columns)} |" for row in last["rows"]]
    write(page, "\n".join(lines) + "\n")


def _drawn(releases: list[Any], keys: list[str]) -> str:
    """Draw a line a row, a dot a release, on a logarithmic axis from 1 to 10,000 times as fast."""
    width, height = _LEFT + _WIDTH + 60, _ROW * (len(keys) + 2)
    style = 'font-family="sans-serif" font-size="12"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {style}>',
        "<title>How many times as fast as its opponent, by release</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for power in range(5):
        x = _place(10**power)
        parts.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="20" y2="{height}" stroke="#d5dae0"/>')
        parts.append(f'<text x="{x:.0f}" y="14" text-anchor="middle">{10**power:,}x</text>')
    for number, key in enumerate(keys):
        y = _ROW * (number + 1.7)
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 4:.0f}" text-anchor="end">{escape(key)}</text>')
        for release in releases:
            colour = "#00557f" if release is releases[-1] else "#9fb6c3"
            for row in release["rows"]:
                if row["key"] == key and row["times_as_fast"]:
                    title = f"<title>{release['version']}: {row['times_as_fast']:g}</title>"
                    x = _place(row["times_as_fast"])
                    parts.append(f'<circle cx="{x:.1f}" cy="{y:.0f}" r="5" fill="{colour}">{title}</circle>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _place(ratio: float) -> float:
    return _LEFT + _WIDTH * max(0.0, min(4.0, log10(ratio))) / 4
