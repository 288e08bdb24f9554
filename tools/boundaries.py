r"""Write ``ggu_costs/reference/data/outlines.csv``: the outline of each municipality of 1 January 2023, for a map.

``python tools/boundaries.py municipalities_2023.geojson``, where the file holds the generalised boundaries of CBS in
degrees. With the width :math:`W` of the canvas, a point becomes :math:`(\lfloor (x \cos\varphi - l) s \rceil,
\lfloor (t - y) s \rceil)` with :math:`s = W / (r - l)`. Neighbours keep the same points, so that their outlines fit,
and outlines that are joined lose the line between them. Points of a ring that fall together are one, and a ring of
fewer than three is left out, unless it is the only one of its municipality.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

from ggu_costs.report.outlines import Ring, path_of

WIDE = 1000
MIDDLE_LATITUDE = 52.2
FILE = Path(__file__).resolve().parent.parent / "ggu_costs/reference/data/outlines.csv"


def outlines(content: dict[str, Any]) -> dict[str, str]:
    """Return the path of each municipality, by code in order."""
    shapes = {item["properties"]["code"]: _degrees(item["geometry"]) for item in content["features"]}
    squeeze = math.cos(math.radians(MIDDLE_LATITUDE))
    points = [(x * squeeze, y) for rings in shapes.values() for ring in rings for x, y in ring]
    left, right, top = min(x for x, _ in points), max(x for x, _ in points), max(y for _, y in points)
    scale = WIDE / (right - left)

    def placed(ring: list[list[float]]) -> Ring:
        found = [(round((x * squeeze - left) * scale), round((top - y) * scale)) for x, y in ring]
        return [at for place, at in enumerate(found[:-1]) if at != found[place - 1 if place else -2]]

    paths = {}
    for code, rings in sorted(shapes.items()):
        drawn = [ring for ring in map(placed, rings) if len(ring) > 2]
        paths[code] = path_of(drawn or [placed(rings[0])])
    return paths


def _degrees(geometry: dict[str, Any]) -> list[list[list[float]]]:
    several = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in several for ring in polygon]


def main() -> None:
    """Write the table from the file that is named."""
    paths = outlines(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "path"])
        writer.writerows(paths.items())


if __name__ == "__main__":
    main()
