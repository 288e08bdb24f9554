"""The boundaries that are shipped: the outlines fit, those of merged municipalities are one, and they are small."""

import datetime
from fractions import Fraction
from itertools import pairwise

import boundaries as making
import pytest

from ggu_costs import open_model
from ggu_costs.reference import SHIPPED, Reference, municipalities
from ggu_costs.reference import outlines as shipped
from ggu_costs.reference.packs import Pack, Step
from ggu_costs.report import outlines
from ggu_costs.report.dossier import dossier
from ggu_costs.report.outlines import Ring, joined_path, outline_day, outline_shapes, path_of, rings_of
from ggu_costs.report.page import page_bytes


def surface(path: str) -> float:
    """Twice the area, by the shoelace formula; a hole goes round the other way."""
    return sum(x * down - across * y for ring in rings_of(path) for (x, y), (across, down) in around(ring))


def around(ring: Ring) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return list(pairwise([*ring, ring[0]]))


def test_every_municipality_has_an_outline_in_its_place() -> None:
    shapes = outline_shapes()
    assert shapes is not None
    assert set(shapes.paths) == set(municipalities(2023).index) == set(municipalities(2025).index)
    assert outline_day() == datetime.date(2023, 1, 1)
    assert SHIPPED.manifest()["tables"]["outlines"]["date"] == outlines.OUTLINED_ON.isoformat()
    corners = {code: [point for ring in rings_of(path) for point in ring] for code, path in shapes.paths.items()}
    assert min(x for points in corners.values() for x, _ in points) == 0
    assert max(x for points in corners.values() for x, _ in points) == shapes.width == 1000
    assert max(y for points in corners.values() for _, y in points) == shapes.height
    north, middle, south = (max(y for _, y in corners[code]) for code in ("GM0088", "GM0345", "GM0935"))
    assert north < middle < south


def test_a_path_is_read_back_as_it_was_written() -> None:
    for path in shipped().values():
        assert path_of(rings_of(path)) == path


def test_neighbours_share_their_border_and_nothing_overlaps() -> None:
    paths = list(shipped().values())
    whole = joined_path(paths)
    assert surface(whole) == pytest.approx(sum(map(surface, paths)), abs=1e-6)
    edges = sum(len(ring) for path in paths for ring in rings_of(path))
    left = sum(len(ring) for ring in rings_of(whole))
    assert left < 0.35 * edges  # the coast and the border with other countries


def test_outlines_of_merged_municipalities_are_one() -> None:
    day = datetime.date(2025, 1, 1)
    merger = Step(day, "GM0828", "Oss", "GM1991", "Maashorst", Fraction(1), True)  # neighbours
    two = [shipped()["GM0828"], shipped()["GM1991"]]
    assert outlines_with(merger) == {
        **{code: path for code, path in shipped().items() if code not in ("GM0828", "GM1991")},
        "GM1991": joined_path([two[0], two[1]]),
    }
    assert surface(joined_path(two)) == surface(two[0]) + surface(two[1])
    assert len(rings_of(joined_path(two))) < len(rings_of(two[0])) + len(rings_of(two[1]))


def test_the_outline_of_a_split_municipality_is_not_known() -> None:
    day = datetime.date(2025, 1, 1)
    split = [Step(day, "GM0828", "", new, "", Fraction(1, 2), True) for new in ("GM1991", "GM0796")]
    assert outlines_with(*split) is None


def test_a_merger_that_is_announced_is_on_the_map_of_its_day_only() -> None:
    day = datetime.date(2026, 1, 1)
    merger = Step(day, "GM0828", "Oss", "GM1991", "Maashorst", Fraction(1), True, status="announced")
    assert len(outlines_with(merger, shown=day) or ()) == 341
    assert len(outlines_with(merger, shown=datetime.date(2025, 12, 31)) or ()) == 342


def outlines_with(*steps: Step, shown: datetime.date | None = None) -> dict[str, str] | None:
    """Return the outlines where these reorganisations are known as well."""
    reference = Reference((*SHIPPED.packs, Pack("proef", "", {}, {"mergers": repr(steps).encode()}, steps=steps)))
    shapes = outline_shapes(reference, shown)
    return None if shapes is None else dict(shapes.paths)


def test_areas_that_touch_in_a_corner_stay_closed() -> None:
    corner = joined_path(["M0 0l2 0 0 2-2 0z", "M2 2l2 0 0 2-2 0z"])
    assert sorted(map(len, rings_of(corner))) in ([8], [4, 4])
    assert surface(corner) == 16


def test_the_map_of_a_page_is_small_and_says_whose_it_is() -> None:
    text = page_bytes(dossier(open_model("funds/ggu/2020"))).decode()
    start, end = text.index('<section id="map"'), text.index('<section id="charts"')
    assert end - start < 150_000
    assert "CBS en Kadaster, CC BY 4.0" in text[start:end]


SQUARE = [[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 53.0], [4.0, 52.0]]


def test_the_tool_places_shapes_and_drops_what_cannot_be_seen() -> None:
    speck = [[4.5, 52.5], [4.50001, 52.5], [4.5, 52.50001], [4.5, 52.5]]
    geometry = {"type": "MultiPolygon", "coordinates": [[SQUARE], [speck]]}
    content = {"features": [{"properties": {"code": "GM0363"}, "geometry": geometry}]}
    assert making.outlines(content) == {"GM0363": "M0 1632l1000 0 0-1632-1000 0z"}
