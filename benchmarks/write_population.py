"""Write benchmarks/models/population.csv: the sizes of R1, one for each municipality of 1 January 2024, by code.

The i-th of the 342 has round(36,000 exp(0.85 Phi^-1((i + 0.5) / 342))) inhabitants: a formula, not the municipality's.

    python benchmarks/write_population.py
"""

from __future__ import annotations

from math import exp
from pathlib import Path
from statistics import NormalDist

import ggu_costs as ggu

FILE = Path(__file__).parent / "models" / "population.csv"


def text() -> str:
    codes = ggu.members("2024-01-01")
    score = NormalDist().inv_cdf
    sizes = [round(36_000 * exp(0.85 * score((place + 0.5) / len(codes)))) for place in range(len(codes))]
    return "".join(["code,population\n", *(f"{code},{size}\n" for code, size in zip(codes, sizes, strict=True))])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
