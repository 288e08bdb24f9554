"""Boundaries that the user brings, as shapes for a page: GeoJSON or TopoJSON, in degrees or in metres (RD).

Each municipality becomes one SVG path. Degrees are flattened at the middle latitude of the country, which is enough to
recognise it by; nothing is measured on it.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from ggu_costs.display.table import MUNICIPALITY
from ggu_costs.errors import Faults, InputError, MissingInputError
from ggu_costs.reading import MOST_BYTES, read_file, reason

_CODES = ("code", "statcode", "gemeentecode", "GM_CODE", "gm_code")
_MIDDLE_LATITUDE = 52.2
_WIDE = 1000
_FARTHEST = 1e8  # of degrees or metres; a point that is no number lies beyond it too
_LEAST = 1e-9  # of the width and height of all shapes together
_MOST_POINTS = 10_000_000
_REMEDY = "Give a GeoJSON or TopoJSON file of municipalities with a property code (or statcode) such as GM0363."

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Shapes:
    """Shapes by code, as SVG path data, on a canvas of `width` by `height`; of tiles also the borders of provinces."""

    paths: Mapping[str, str]
    width: int
    height: int
    borders: str = ""


def read_shapes(source: str | Path | Mapping[str, Any]) -> Shapes:
    """Read the boundaries of municipalities.

    Parameters
    ----------
    source
        Path of a GeoJSON or TopoJSON file, or its content.

    Raises
    ------
    InputError
        No such file, no JSON, another kind of file, shapes without a code or other than polygons, a code twice: what
        can be listed all at once.

    Examples
    --------
    >>> square = [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 53.0], [4.0, 52.0]]]
    >>> feature = {"properties": {"code": "GM0363"}, "geometry": {"type": "Polygon", "coordinates": square}}
    >>> read_shapes({"type": "FeatureCollection", "features": [feature]}).paths
    {'GM0363': 'M0 1632L1000 1632L1000 0L0 0Z'}
    """
    content = source if isinstance(source, Mapping) else _load(Path(source))
    faults = Faults()
    try:
        rings = _rings(content, faults)
        _check_rings(rings, faults)
    except InputError:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(f"these boundaries cannot be read: {error!r}", remedy=_REMEDY) from error
    faults.check("these boundaries cannot be used", remedy=_REMEDY)
    return _drawn(rings)


def _check_rings(rings: Mapping[str, list[Ring]], faults: Faults) -> None:
    """Note shapes that cannot be drawn; each may be whole, and all together still have no surface."""
    for code, found in rings.items():
        if not found or any(len(ring) < 3 for ring in found):
            faults.add(code, "has no outline", "rings of three points or more")
        elif not all(abs(x) <= _FARTHEST and abs(y) <= _FARTHEST for ring in found for x, y in ring):
            faults.add(code, "has a point that is nowhere", "degrees, or metres of a map")
    if not rings and not faults:
        faults.add("boundaries", "no shape", "one a municipality")
    if faults:
        return
    for axis in (0, 1):
        places = [point[axis] for found in rings.values() for ring in found for point in ring]
        if max(places) - min(places) < _LEAST:
            faults.add("boundaries", "shapes without a surface", "outlines that enclose something")
            return


def _load(path: Path) -> Mapping[str, Any]:
    try:
        data = read_file(path, most=MOST_BYTES)
    except MissingInputError as error:
        raise InputError(f"cannot read {path}: {reason(error)}", remedy="Check the name.") from error
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # not UTF-8, no JSON, or figures and levels without end
        raise InputError(f"{path} holds no JSON: {error}", remedy=_REMEDY) from error
    if not isinstance(content, Mapping):
        raise InputError(f"{path} holds no boundaries", remedy=_REMEDY)
    return content


def _rings(content: Mapping[str, Any], faults: Faults) -> dict[str, list[Ring]]:
    if content.get("type") == "Topology":
        items = [item for held in content["objects"].values() for item in held.get("geometries", [held])]
        shapes = [(item.get("properties") or {}, item) for item in items]
        rings_of = partial(_rings_of, held="arcs", ring=partial(_joined, arcs=_arcs(content)))
    elif content.get("type") == "FeatureCollection":
        shapes = [(item.get("properties") or {}, item["geometry"] or {}) for item in content["features"]]
        rings_of = partial(_rings_of, held="coordinates", ring=_points)
    else:
        raise InputError(f"{content.get('type')!r} is no kind of boundaries", remedy=_REMEDY)
    found: dict[str, list[Ring]] = {}
    count = 0
    for place, (properties, shape) in enumerate(shapes, start=1):
        code = next((str(properties[name]).strip() for name in _CODES if name in properties), "")
        rings = rings_of(shape)
        count += sum(len(ring) for ring in rings or ())
        if count > _MOST_POINTS:
            raise InputError(f"boundaries of more than {_MOST_POINTS:,} points", remedy="Take a simplified map.")
        if not MUNICIPALITY.fullmatch(code):
            faults.add(f"shape {place}", f"code {code!r}" if code else "no code", "a code such as GM0363")
        elif rings is None:
            faults.add(code, f"is a {shape.get('type')}", "a Polygon or MultiPolygon")
        elif code in found:
            faults.add(code, "is there twice", "one shape a municipality")
        else:
            found[code] = rings
    return found


def _rings_of(shape: Mapping[str, Any], held: str, ring: Callable[[Any], Ring]) -> list[Ring] | None:
    """Return the rings of a polygon or of several, which the shape holds under `held`; None of another kind."""
    if shape.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    several = shape[held] if shape["type"] == "MultiPolygon" else [shape[held]]
    return [ring(points) for polygon in several for points in polygon]


def _points(points: Iterable[Any]) -> Ring:
    return [(_number(point[0]), _number(point[1])) for point in points]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} where a number should stand")
    return float(value)


def _arcs(content: Mapping[str, Any]) -> list[Ring]:
    """Return the lines of a topology in coordinates: each point is stored as the step from the one before."""
    transform = content.get("transform")
    if transform is None:
        return [_points(arc) for arc in content["arcs"]]
    (scale_x, scale_y), (start_x, start_y) = transform["scale"], transform["translate"]
    lines = (accumulate(arc, lambda at, step: (at[0] + step[0], at[1] + step[1])) for arc in content["arcs"])
    return [[(x * scale_x + start_x, y * scale_y + start_y) for x, y, *_ in line] for line in lines]


def _joined(numbers: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """Return a ring of a topology's lines; a negative number is a line taken backwards."""
    points: Ring = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += line[1:] if points else line
    return points


def _drawn(rings: Mapping[str, list[Ring]]) -> Shapes:
    points = [point for found in rings.values() for ring in found for point in ring]
    degrees = all(abs(x) <= 180 and abs(y) <= 90 for x, y in points)
    squeeze = math.cos(math.radians(_MIDDLE_LATITUDE)) if degrees else 1.0
    left, right = min(x for x, _ in points) * squeeze, max(x for x, _ in points) * squeeze
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    scale = _WIDE / ((right - left) or 1.0)
    paths = {
        code: "".join(_path(((x * squeeze - left) * scale, (top - y) * scale) for x, y in ring) for ring in found)
        for code, found in sorted(rings.items())
    }
    return Shapes(paths, _WIDE, max(1, round((top - bottom) * scale)))


def _path(ring: Iterable[Point]) -> str:
    """Write a ring in whole units of the canvas; points that fall together are one."""
    marks = list(dict.fromkeys(f"{round(x)} {round(y)}" for x, y in ring))
    return "M" + "L".join(marks) + "Z" if marks else ""
