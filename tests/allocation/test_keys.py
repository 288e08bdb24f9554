"""Mixtures: fractions that add up to 1, exactly rounded once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs import InputError
from ggu_costs.allocation import allocate, mixture

FIGURES = pd.DataFrame(
    {"inhabitants": [100, 300, 100], "dwellings": [50.0, 30.0, 20.0], "density": [1.0, 2.0, 3.0]},
    index=["GM0003", "GM0005", "GM0009"],
)


def test_a_mixture_is_shared_part_by_part() -> None:
    key = mixture({"inhabitants": 0.6, "dwellings": Decimal("0.3"), "equal": 0.1}, FIGURES)
    assert key.name == "0.6 inhabitants + 0.3 dwellings + 0.1 equal"
    assert key.index.tolist() == FIGURES.index.tolist()
    expected = [
        Fraction(6, 10) * people / 500 + Fraction(3, 10) * homes / 100 + Fraction(1, 30)
        for people, homes in ((100, 50), (300, 30), (100, 20))
    ]
    assert key.tolist() == [float(value) for value in expected]
    assert allocate(100, mixture({"inhabitants": 1}, FIGURES)).values.tolist() == [20, 60, 20]


@cases(50)
@given(st.lists(st.integers(0, 1000), min_size=2, max_size=8), st.integers(1, 99))
def test_equal_figures_give_equal_keys(people: list[int], percent: int) -> None:
    figures = pd.DataFrame({"inhabitants": [*people, 7, 7]}, index=[f"GM{i:04d}" for i in range(len(people) + 2)])
    key = mixture({"inhabitants": percent / 100, "equal": Decimal(100 - percent) / 100}, figures)
    assert key.iloc[-1] == key.iloc[-2]
    assert sum(map(Fraction, key)) == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize(
    ("parts", "figures", "said"),
    [
        ({"inhabitants": 80, "equal": 20}, FIGURES, "add up to 100; allowed: 1. These look like percentages"),
        ({"inhabitants": 0.8, "equal": 0.1}, FIGURES, "add up to 0.9; allowed: 1. Let the fractions"),
        ({"inhabitants": 1.2, "equal": -0.2}, FIGURES, r"parts\['equal'\]: -0.2; allowed: a finite fraction above 0"),
        ({"inhabitants": float("nan")}, FIGURES, "nan; allowed: a finite fraction"),
        ({"inhabitants": "most"}, FIGURES, "'most'; allowed: a finite fraction"),
        ({}, FIGURES, "add up to 0"),
        ({"inhabitant": 1}, FIGURES, "no such figure.*Did you mean 'inhabitants'"),
        ({"zzz": 1}, FIGURES, "no such figure; allowed: equal, inhabitants, dwellings, density"),
        ({"density": 1}, FIGURES, "a rate, which does not add up; allowed: a figure that is a total"),
        ({"name": 1}, FIGURES.assign(name="x"), "a label, which does not add up"),
        ({"size_class": 1}, FIGURES.assign(size_class=5), "a class, which does not add up"),
        ({"own": 1}, FIGURES.assign(own="x"), r"figures\['own'\]\[GM0003\]: 'x'; allowed: a finite number"),
        ({"dwellings": 1}, FIGURES.replace(30.0, None), r"\[GM0005\]: None; allowed: a finite number, 0 or more"),
        ({"dwellings": 1}, FIGURES.replace(30.0, -1.0), r"\[GM0005\]: -1; allowed: 0 or more"),
        ({"dwellings": 1}, FIGURES.assign(dwellings=0), "0 for everyone"),
        ({"equal": 1}, FIGURES.iloc[:0], "no rows"),
        ({"equal": 1}, FIGURES.rename(index={"GM0005": "GM0003"}), "code GM0003 occurs twice"),
    ],
)
def test_faults(parts: dict[str, object], figures: pd.DataFrame, said: str) -> None:
    with pytest.raises(InputError, match=said):
        mixture(parts, figures)
