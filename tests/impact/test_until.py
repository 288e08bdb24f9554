"""A national figure that stands until the user brings figures of municipalities: P x Q of the GDI."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from programme_files import OURS, line, programme

import ggu_costs as ggu
from ggu_costs.errors import MissingInputError, ModelFileError
from ggu_costs.reference import SHIPPED

NAME = "programmes/gdi-doorbelasting"
CODES = list(SHIPPED.member_codes(date(2018, 1, 1)))
LOGINS = pd.Series([500 + 100 * place for place in range(len(CODES))], index=CODES)
LETTERS = pd.Series([900 + 50 * place for place in range(len(CODES))], index=CODES)


def test_without_volumes_only_municipalities_together_are_told():
    programme = ggu.open_programme(NAME)
    result = programme.simulate(alternative="pxq")
    assert result.assembly.units == ("NL",)
    assert result.national("structural")["mean"].tolist() == [2_000_000]
    with pytest.raises(MissingInputError, match="digid"):
        result.by_municipality("structural")
    report = programme.report()
    assert "by_municipality" not in {table.name for table in report.tables}
    assert report.answer is not None
    said = f"{report.answer.sentence} {report.sections[0].texts} {report.answer.outside}"
    assert "emeenten samen" in said
    assert "De verdeling over gemeenten: niet bekend (PM)" in said
    assert "overheden" not in said, "these are amounts of municipalities, not of all governments"


def test_with_volumes_it_is_price_times_volume_beyond_the_free_units():
    """Per municipality 0.12 x (logins - 1,000) + 0.47 x (messages - 1,000), at least 0, in fractions."""
    result = ggu.open_programme(NAME, {"digid": LOGINS, "berichten": LETTERS}).simulate(alternative="pxq")
    assert result.alternatives == {"verdeelmodel": "verdeelmodel", "pxq": "prijs maal aantal"}
    found = result.by_municipality("structural")["mean"]
    for code in (CODES[0], CODES[5], CODES[6], CODES[-1]):
        by_hand = Fraction(12, 100) * max(0, int(LOGINS[code]) - 1000)
        by_hand += Fraction(47, 100) * max(0, int(LETTERS[code]) - 1000)
        assert found[code] == pytest.approx(float(by_hand), rel=1e-12, abs=1e-9), code
    assert [role.id for role in result.lines()] == ["digid", "berichten"]


def test_one_of_both_volumes_asks_for_the_other():
    with pytest.raises(MissingInputError, match="berichten"):
        ggu.open_programme(NAME, {"digid": LOGINS})


def test_every_fault_of_a_line_that_stands_until_an_input_is_told():
    own = {"unit": "count", "description": "Aantallen.", "scope": "municipality"}
    tables = programme(line("a", until=["aantal", "q"]), inputs={"aantal": own})
    with pytest.raises(ModelFileError) as caught:
        ggu.open_programme(tables)
    assert "'aantal', which is not optional" in str(caught.value)
    assert "unknown input 'q'" in str(caught.value)
    lone = programme(
        line("a", until=["aantal"]), inputs={"aantal": {**own, "optional": True}},
        alternatives=[{"id": "x", "name": "x", "lines": ["a"], **OURS}],
    )  # fmt: skip
    with pytest.raises(ModelFileError, match="one without the other"):
        ggu.open_programme(lone)
