"""Carrying totals and rates to a later map; the codes and figures it refuses."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.carry import carry_rate, carry_total, codes_of
from years import FIRST, LAST, SPAN

from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError
from ggu_costs.reference import carry, carry_between, municipalities

YEARS = range(FIRST, LAST + 1)
PAIRS = [(first, last) for first in YEARS for last in range(first, LAST + 1)]
CODES_2018 = codes_of(2018)


def inhabitants(year):
    return municipalities(year)["inhabitants"]


@pytest.mark.parametrize(("first", "last"), PAIRS)
def test_every_pair_of_years_keeps_the_sum_and_gets_the_codes(first, last):
    given_figures = inhabitants(first)
    carried = carry(given_figures, from_year=first, to_year=last)
    assert carried.index.tolist() == codes_of(last)
    assert carried.index.name == "code"
    assert carried.dtype == np.float64
    assert carried.name == "inhabitants"
    assert math.fsum(carried) == pytest.approx(given_figures.sum(), rel=0, abs=1e-6)
    if first == last:
        assert (carried == given_figures).all()


def test_2018_to_2025():
    assert round(math.fsum(carry(inhabitants(2018), from_year=2018, to_year=2025)), 6) == 17_181_084


def test_a_split_is_exact_and_not_rounded():
    figures = pd.Series(0.0, index=codes_of(2020))
    figures["GM0788"] = 100.0
    carried = carry(figures, from_year=2020, to_year=2021)
    assert carried[carried > 0].to_dict() == {
        "GM0757": float(Fraction(213_100, 14_195)), "GM0824": float(Fraction(580_700, 14_195)),
        "GM0855": float(Fraction(144_800, 14_195)), "GM0865": float(Fraction(480_900, 14_195)),
    }  # fmt: skip


def test_the_new_municipalities_of_2019_have_the_inhabitants_of_their_parts():
    # growth of one year lies between -0.7 % and +1.6 % for every receiver, in 2019 and in later years
    for year in (2018, 2020, 2021, 2022):
        carried, next_year = carry(inhabitants(year), from_year=year, to_year=year + 1), inhabitants(year + 1)
        changed = sorted(set(next_year.index) - set(inhabitants(year).index))
        growth = next_year[changed] / carried[changed] - 1
        assert growth.between(-0.007, 0.016).all()


figures_2018 = st.dictionaries(
    st.sampled_from(CODES_2018), st.floats(-1e12, 1e12) | st.integers(-(10**9), 10**9), max_size=30
)


@cases(30)
@given(figures_2018, st.sampled_from(["2018-01-01", "2019-01-01", "2021-06-30", "2022-03-24", "2025-12-31"]))
def test_totals_against_the_oracle(chosen, until):
    figures = {code: float(chosen.get(code, 1.5)) for code in CODES_2018}
    expected = carry_total({code: Fraction(value) for code, value in figures.items()}, "2018-01-01", until)
    carried = carry_between(pd.Series(figures), from_date="2018-01-01", to_date=until)
    assert carried.to_dict() == {code: float(expected[code]) for code in sorted(expected)}


@cases(30)
@given(figures_2018, st.dictionaries(st.sampled_from(CODES_2018), st.floats(1e-3, 1e9), max_size=30))
def test_rates_against_the_oracle(chosen, chosen_weights):
    rates = {code: float(chosen.get(code, 2.5)) for code in CODES_2018}
    weights = {code: chosen_weights.get(code, 3.0) for code in CODES_2018}
    expected = carry_rate(
        {code: Fraction(value) for code, value in rates.items()},
        {code: Fraction(value) for code, value in weights.items()}, "2018-01-01", "2025-01-01",
    )  # fmt: skip
    carried = carry(pd.Series(rates), from_year=2018, to_year=2025, kind="rate", weights=pd.Series(weights))
    assert carried.to_dict() == {code: float(expected[code]) for code in sorted(expected)}
    assert carried.min() >= min(rates.values())
    assert carried.max() <= max(rates.values())


@cases(20)
@given(figures_2018, st.sampled_from([2019, 2020, 2021, 2022, 2023]))
def test_two_steps_are_one(chosen, middle):
    figures = pd.Series({code: float(round(chosen.get(code, 7))) for code in CODES_2018})
    direct = carry(figures, from_year=2018, to_year=2025)
    stepped = carry(carry(figures, from_year=2018, to_year=middle), from_year=middle, to_year=2025)
    np.testing.assert_allclose(stepped, direct, rtol=1e-12, atol=1e-3)


def test_the_order_of_the_figures_does_not_matter():
    figures = inhabitants(2020)
    pd.testing.assert_series_equal(
        carry(figures[::-1], from_year=2020, to_year=2023), carry(figures, from_year=2020, to_year=2023)
    )


def test_a_rate_is_a_weighted_mean():
    density = municipalities(2020)["address_density"]
    carried = carry(density, from_year=2020, to_year=2023, kind="rate", weights=inhabitants(2020))
    parts, weights = density[["GM0363", "GM0457"]], inhabitants(2020)[["GM0363", "GM0457"]]
    assert carried["GM0363"] == pytest.approx((parts * weights).sum() / weights.sum(), rel=1e-15)
    assert carried["GM0034"] == density["GM0034"]
    assert carried.name == "address_density"


def test_weights_of_zero():
    rates = pd.Series(4.0, index=codes_of(2022))
    weights = pd.Series(0.0, index=codes_of(2022))
    with pytest.raises(InputError, match=r"weights of GM0363: all 0 for its parts GM0363, GM0457") as caught:
        carry(rates, from_year=2022, to_year=2023, kind="rate", weights=weights)
    assert len(caught.value.faults) == 2
    weights[["GM0457", "GM0501"]] = 1
    carried = carry(rates, from_year=2022, to_year=2023, kind="rate", weights=weights)
    assert (carried == 4).all()


@pytest.mark.parametrize("kind", [int, "Int64", "float32", "Float64", object])
def test_types_of_figures(kind):
    carried = carry(inhabitants(2022).astype(kind), from_year=2022, to_year=2023)
    assert carried.dtype == np.float64
    assert carried["GM0034"] == 217_828


# what is refused


@pytest.mark.parametrize(
    "name",
    ["low_income_households_pct", "oad", "my density", "Gemiddelde_1", "per_inhabitant", "aandeel 65-plus",
     "share_of_youth", "median_income", "gem. inkomen", "quote"],
)  # fmt: skip
def test_a_rate_is_not_carried_as_a_total(name):
    with pytest.raises(InputError, match=r"percentage, density or average carried as a total.*kind='rate'"):
        carry(inhabitants(2020).rename(name), from_year=2020, to_year=2021)


@pytest.mark.parametrize("kind", ["total", "rate"])
def test_a_class_is_not_carried(kind):
    classes = municipalities(2020)["size_class"]
    weights = inhabitants(2020) if kind == "rate" else None
    with pytest.raises(InputError, match="neither added up nor averaged"):
        carry(classes, from_year=2020, to_year=2021, kind=kind, weights=weights)


def test_a_rate_needs_weights_and_a_total_none():
    with pytest.raises(InputError, match="weights: none"):
        carry(inhabitants(2020), from_year=2020, to_year=2021, kind="rate")
    with pytest.raises(InputError, match="weights: given for a total"):
        carry(inhabitants(2020), from_year=2020, to_year=2021, weights=inhabitants(2020))


def test_another_kind():
    with pytest.raises(UnknownNameError, match="Did you mean 'total'"):
        carry(inhabitants(2020), from_year=2020, to_year=2021, kind="totals")


def test_only_forward_and_known_years():
    with pytest.raises(InputError, match="cannot be carried back"):
        carry(inhabitants(2021), from_year=2021, to_year=2020)
    with pytest.raises(OutsidePeriodError, match=f"to_year {LAST + 1}"):
        carry(inhabitants(2021), from_year=2021, to_year=LAST + 1)
    with pytest.raises(InputError, match="from_year is '2021'"):
        carry(inhabitants(2021), from_year="2021", to_year=2022)


@pytest.mark.parametrize("series", [[1, 2], {"GM0363": 1}, municipalities(2020)])
def test_what_is_no_series(series):
    with pytest.raises(InputError, match="a pandas Series indexed by code"):
        carry(series, from_year=2020, to_year=2021)


def test_all_faults_at_once():
    figures = inhabitants(2022).astype(float)
    figures["GM0034"], figures["GM0037"] = math.nan, -math.inf
    figures = figures.rename({"GM0363": "Amsterdam", "GM0047": "gm0047", "GM0050": "GM0140"}).drop("GM0059")
    figures = pd.concat([figures, pd.Series({"GM0014": 1.0, "GM9999": 2.0, "GM1992": 3.0, "Nowhere": 4.0})])
    weights = inhabitants(2022).copy()
    weights["GM0060"] = -1
    with pytest.raises(InputError, match="carry cannot use these figures of 2022-01-01") as caught:
        carry(figures, from_year=2022, to_year=2023, kind="rate", weights=weights)
    texts = [str(fault) for fault in caught.value.faults]
    for expected in (
        "series GM0014: 2 times; allowed: once",
        "series 'gm0047': spaces or small letters in a code. Write GM0047.",
        "series GM0140: Littenseradiel ended on 2018-01-01, into GM0080 Leeuwarden and GM1900 Súdwest-Fryslân"
        " and GM1949 Waadhoeke. Carry the figures from the earlier map.",
        "series Amsterdam: a name instead of a code. Use GM0363.",
        f"series GM9999: no municipality of {SPAN} has this code",
        "series GM1992: Voorne aan Zee exists since 2023-01-01 only, out of GM0501 Brielle, GM0530 Hellevoetsluis,"
        " GM0614 Westvoorne",
        "series Nowhere: not a code; allowed: GM and four digits, such as GM0363",
        "series GM0050: no value for Zeewolde; allowed: one for every municipality",
        "series GM0059: no value for Achtkarspelen; allowed: one for every municipality",
        "series GM0034: missing (NaN); allowed: a finite number",
        "series GM0037: infinite; allowed: a finite number",
        "weights GM0060: -1, negative; allowed: a finite number of 0 or more",
    ):
        assert expected in texts
    assert len(texts) == 12


@pytest.mark.parametrize(("value", "found"), [("12", "'12', not a number"), (True, "True, not a number"),
                                              (np.True_, "not a number"), (None, "missing"), (pd.NA, "missing"),
                                              (1j, "not a number")])  # fmt: skip
def test_what_is_no_figure(value, found):
    figures = inhabitants(2022).astype(object)
    figures["GM0034"] = value
    with pytest.raises(InputError, match=f"series GM0034: .*{found}"):
        carry(figures, from_year=2022, to_year=2023)


def test_the_codes_of_another_year_are_recognised():
    with pytest.raises(InputError, match="the municipalities of 2018-01-01; allowed: those of 2020-01-01") as caught:
        carry(inhabitants(2018), from_year=2020, to_year=2021)
    assert any(fault.where == "series GM0053" for fault in caught.value.faults)
