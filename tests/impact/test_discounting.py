"""Rates by kind of effect, against sums written out: exceptions, horizon, the user's own rate, several side by side."""

from copy import deepcopy
from typing import Any

import pytest

import ggu_costs as ggu
from ggu_costs.errors import InputError, ModelFileError

BY = {"status": "illustrative", "by": "test"}
MONEY = {"unit": "EUR", "vat": "none", "price_level": "2024", **BY}


def line(name: str, kind: str, nature: str, years: dict[int, float], amount: float) -> dict[str, Any]:
    return {
        "id": name, "name": name, "kind": kind, "nature": nature, "amount": {"value": amount, **MONEY},
        "key": {"parts": {"inhabitants": 1}, **BY}, "profile": {"years": years, "unit": "share", **BY},
    }  # fmt: skip


DAY = {"value": "2024-01-01", "unit": "date", **BY}
FILE: dict[str, Any] = {
    "schema": 1, "kind": "programme", "id": "programmes/test", "title": "Proef", "checked_on": "2026-01-01",
    "years": [2024, 2025, 2026], "sources": {"own": {"title": "proef", "publisher": "test"}},
    "programme": {
        "map_date": DAY, "counting_date": DAY, "prices": "constant", "price_level": "2024",
        "compensation": {"value": "none", **BY},
        "discount": {"rate": 0.0225, "kind": "real", "base_year": 2024, "unit": "share", "purpose": "social", **BY},
    },
    "simulation": {"seed": 1, "draws": 64},
    "lines": [
        line("bouw", "cost", "one_off", {2024: 1}, 1_000_000),
        line("baten", "benefit", "structural", {2025: 1, 2026: 1}, 600_000),
    ],
}  # fmt: skip


def file_of(**discount: Any) -> dict[str, Any]:
    made = deepcopy(FILE)
    made["programme"]["discount"] |= discount
    return made


def net(programme: Any) -> float:
    return float(programme.simulate().national("net")["mean"].iloc[0])


def test_a_present_value_by_hand() -> None:
    assert net(ggu.open_programme(FILE)) == pytest.approx(1e6 - 6e5 / 1.0225 - 6e5 / 1.0225**2)


def test_a_line_with_a_rate_of_its_own() -> None:
    exception = {"lines": ["baten"], "rate": 0.016, "unit": "share", "reason": "afwijkend volgens de leidraad", **BY}
    programme = ggu.open_programme(file_of(exceptions=[exception]))
    assert net(programme) == pytest.approx(1e6 - 6e5 / 1.016 - 6e5 / 1.016**2)
    notes = programme.simulate().notes
    assert any("Andere rente voor baten: 1,60%. afwijkend volgens de leidraad" in note for note in notes)
    assert any("maatschappelijke discontovoet" in note and "niet contant" in note for note in notes)
    assert programme.assembly().digest() != ggu.open_programme(FILE).assembly().digest()


def test_years_after_the_horizon_do_not_count() -> None:
    programme = ggu.open_programme(file_of(until=2025))
    assert net(programme) == pytest.approx(1e6 - 6e5 / 1.0225)
    assert any("Jaren na 2025" in note for note in programme.simulate().notes)


def test_a_budget_is_not_discounted() -> None:
    table = ggu.open_programme(FILE).simulate().budget(2026)
    assert (
        float(table.loc["structural_benefit" if "structural_benefit" in table.index else table.index[2], "2026"]) == 6e5
    )


def test_the_rate_of_the_municipality_itself_on_the_same_draws() -> None:
    programme = ggu.open_programme(FILE).with_discount(0.01, base_year=2025, by="gemeente")
    result = programme.simulate()
    assert net(programme) == pytest.approx(1e6 * 1.01 - 6e5 - 6e5 / 1.01)
    assert result.provenance["discount"]["rate"]["value"] == "0.01"
    assert result.provenance["discount"]["purpose"] == "business_case"
    assert any("omslagrente" in note for note in result.notes)
    assert "discount" not in ggu.open_programme(FILE).simulate().provenance
    without = deepcopy(FILE)
    del without["programme"]["discount"]
    assert net(ggu.open_programme(without).with_discount(0.01)) == pytest.approx(1e6 - 6e5 / 1.01 - 6e5 / 1.01**2)


def test_several_rates_side_by_side_with_the_equal_amount_a_year() -> None:
    result = ggu.open_programme(FILE).simulate()
    frame = result.present_values({"social": 0.0225, "own": 0.0})
    assert frame["mean"].tolist() == pytest.approx([1e6 - 6e5 / 1.0225 - 6e5 / 1.0225**2, -2e5])
    assert frame["annual"].tolist() == pytest.approx(
        [float(frame["mean"].iloc[0]) / (1 + 1 / 1.0225 + 1 / 1.0225**2), -2e5 / 3]
    )
    with pytest.raises(InputError, match=r"(?s)rates.a: 2\.25.*base_year: 'x'"):
        result.present_values({"a": 2.25}, base_year="x")  # type: ignore[arg-type]


def test_every_fault_is_told_at_once() -> None:
    exceptions = [
        {"lines": ["baten", "batten"], "rate": 0.016, "unit": "share", **BY},
        {"lines": ["baten"], "rate": 0.02, "unit": "share", **BY},
    ]
    with pytest.raises(ModelFileError) as caught:
        ggu.open_programme(file_of(exceptions=exceptions, until=2040))
    told = str(caught.value)
    for part in ("unknown line 'batten'", "'baten' 2 times", "2040; allowed: a year of the file: 2024 to 2026"):
        assert part in told
    with pytest.raises(InputError) as wrong:
        ggu.open_programme(FILE).with_discount(2.25, base_year="x", purpose="eigen", by="")  # type: ignore[arg-type]
    assert [fault.where for fault in wrong.value.faults] == ["rate", "base_year", "purpose", "by"]
    with pytest.raises(InputError, match="until: 2040"):
        ggu.open_programme(FILE).with_discount(0.01, until=2040)


def test_years_of_a_rate_that_cannot_be_are_faults():
    with pytest.raises(ggu.InputError) as caught:
        ggu.open_programme("programmes/example-digital-identity").with_discount(0.01, base_year=1800, until=9999)
    assert [fault.where for fault in caught.value.faults] == ["base_year", "until"]
