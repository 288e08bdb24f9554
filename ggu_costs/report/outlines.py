"""The map that is shipped: boundaries of 1 January 2023 as outlines, joined where municipalities merged since.

An outline is kept as SVG path data in whole units: ``M`` with where a ring begins, ``l`` with the steps from point to
point, ``z``. Neighbours have the same points along their border. Let every ring be a set of directed edges: the edge
from a to b in one ring and the edge from b to a in another are the border between the two, and what is left when all of
those are taken away is the outline of both together.
"""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.report.shapes import Shapes

OUTLINED_ON = datetime.date(2023, 1, 1)
"""The day whose municipalities the outlines are of; a test compares it with the manifest."""

_RING = re.compile(r"M(-?\d+) (-?\d+)l([^z]*)z")
_STEP = re.compile(r"-?\d+")

Point = tuple[int, int]
Ring = list[Point]


def rings_of(path: str) -> list[Ring]:
    """Return the rings of a path in whole units, each without its first point again at the end.

    Examples
    --------
    >>> rings_of("M0 2l2 0 0-2z")
    [[(0, 2), (2, 2), (2, 0)]]
    """
    rings = []
    for x, y, steps_taken in _RING.findall(path):
        ring = [(int(x), int(y))]
        figures = list(map(int, _STEP.findall(steps_taken)))
        for across, down in zip(figures[::2], figures[1::2], strict=True):
            ring.append((ring[-1][0] + across, ring[-1][1] + down))
        rings.append(ring)
    return rings


def path_of(rings: Iterable[Ring]) -> str:
    """Return the path of rings, as short as it can be written.

    Examples
    --------
    >>> path_of([[(0, 2), (2, 2), (2, 0)]])
    'M0 2l2 0 0-2z'
    """
    parts = []
    for ring in rings:
        taken = "".join(
            f"{' ' if across >= 0 else ''}{across}{' ' if down >= 0 else ''}{down}"
            for (x, y), (later_x, later_y) in pairwise(ring)
            for across, down in [(later_x - x, later_y - y)]
        )
        parts.append(f"M{ring[0][0]} {ring[0][1]}l{taken.strip()}z")
    return "".join(parts)


def joined_path(paths: Iterable[str]) -> str:
    """Return the outline of several areas together, without the borders between them.

    Examples
    --------
    Two squares side by side:

    >>> joined_path(["M0 0l2 0 0 2-2 0z", "M2 0l2 0 0 2-2 0z"])
    'M0 0l2 0 2 0 0 2-2 0-2 0z'
    """
    edges: Counter[tuple[Point, Point]] = Counter()
    for path in paths:
        for ring in rings_of(path):
            for edge in pairwise([*ring, ring[0]]):
                back = (edge[1], edge[0])
                if edges[back]:
                    edges[back] -= 1
                else:
                    edges[edge] += 1
    return path_of(_closed(edges.elements()))


def _closed(edges: Iterable[tuple[Point, Point]]) -> list[Ring]:
    """Return the rings that directed edges make up; every point has as many edges to it as from it."""
    following: dict[Point, list[Point]] = defaultdict(list)
    for start, end in sorted(edges, reverse=True):
        following[start].append(end)
    rings = []
    while following:
        at = first = min(following)
        ring = [first]
        while True:
            ends = following[at]
            at = ends.pop()
            if not ends:
                del following[ring[-1]]
            if at == first:
                break
            ring.append(at)
        rings.append(ring)
    return rings


@cache
def outline_day(reference: Reference = SHIPPED, shown: datetime.date | None = None) -> datetime.date:
    """Return the day since which the municipalities are those of the map: the outlines', or the last merger since.

    Parameters
    ----------
    reference
        The reference tables, with the mergers that a user's pack announces.
    shown
        The day of what is shown: an announced merger after it is left out.
    """
    return max([OUTLINED_ON, *(step.day for step in reference.steps() if step.status == "definitive" or
                               (shown is not None and step.day <= shown))])  # fmt: skip


@cache
def outline_shapes(reference: Reference = SHIPPED, shown: datetime.date | None = None) -> Shapes | None:
    """Return the outlines of the municipalities of :func:`outline_day`.

    Returns
    -------
    Shapes or None
        None where one was split since: half of an outline is not known.
    """
    shapes, day = reference.outlines(), outline_day(reference, shown)
    paths = shapes if day == OUTLINED_ON else _merged(shapes, reference.transfer(OUTLINED_ON, day))
    if paths is None:
        return None
    points = [point for path in shapes.values() for ring in rings_of(path) for point in ring]
    return Shapes(dict(sorted(paths.items())), max(x for x, _ in points), max(y for _, y in points))


def _merged(shapes: Mapping[str, str], moved: Mapping[str, Sequence[tuple[str, object]]]) -> dict[str, str] | None:
    """Return the outlines of the new municipalities; None where an old one went to several."""
    made: dict[str, list[str]] = defaultdict(list)
    for old, path in shapes.items():
        if len(moved[old]) > 1:
            return None
        made[moved[old][0][0]].append(path)
    return {code: paths[0] if len(paths) == 1 else joined_path(paths) for code, paths in made.items()}
