"""A circulaire on the map of an announced merger."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from circulars import SEPTEMBER
from own_packs import NEXT, VEENENDAAL, ZEIST, merger_pack

import ggu_costs as ggu

NEW = f"{NEXT}-01-01"


@pytest.fixture(scope="module")
def grant(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = merger_pack(tmp_path_factory.mktemp("packs") / "proef")
    return ggu.open_grant(SEPTEMBER, reference=ggu.Reference.open(folder))


def test_one_fixed_amount_falls_away_and_the_rest_adds_up(grant: Any) -> None:
    before, after = grant.amounts(), grant.on_map(NEW).amounts()
    assert len(after.codes) == 341
    old, new = before.general_sums.by_code, after.general_sums.by_code
    fixed = Fraction("980357.93") * Fraction("1.457")
    assert new["GM9001"] == old[VEENENDAAL] + old[ZEIST] - fixed
    assert all(new[code] == old[code] for code in new if code != "GM9001")
    assert after.other_cents["GM9001"] == before.other_cents[VEENENDAAL] + before.other_cents[ZEIST]
    assert after.names["GM9001"] == "Valleistad"
    assert after.inhabitants["GM9001"] == before.inhabitants[VEENENDAAL] + before.inhabitants[ZEIST]
    marked = next(note for note in after.notes if "tellen bij herindeling niet op" in note)
    assert "huishoudens met een laag inkomen met drempel" in marked
    assert "omgevingsadressendichtheid" in marked
    assert "inwoners;" not in marked
    assert any("één vast bedrag" in note for note in after.notes)


def test_volumes_of_the_user_are_not_marked(grant: Any) -> None:
    moved = grant.on_map(NEW, volumes={"oadw": {"GM9001": 50_000}, "lidr_w_nw": {"GM9001": 9_000}})
    assert moved.tables.volumes["oadw"]["GM9001"] == 50_000
    marked = next(note for note in moved.amounts().notes if "tellen bij herindeling niet op" in note)
    assert "omgevingsadressendichtheid" not in marked
    assert "laag inkomen" not in marked
    sliced = moved.with_changes(top_slice=1_000_000).amounts()
    assert moved.amounts().general_sums.total - sliced.general_sums.total == 1_000_000
    with pytest.raises(ggu.InputError, match="no such code"):
        grant.on_map(NEW, volumes={"oadw": {VEENENDAAL: 1}})
    with pytest.raises(ggu.InputError, match="lies before its map"):
        grant.on_map("2024-01-01")


def test_circulaires_on_two_maps_are_compared_on_the_later(grant: Any) -> None:
    with pytest.raises(ggu.InputError, match="cannot be compared"):
        grant.compare(grant.on_map(NEW))
    change = grant.on_map(NEW).compare(grant.on_map(NEW).with_changes(factor=1.46))
    assert len(change.to_frame()) == 341
