import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.words import numbers


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (1234.5, "€ 1.234,50", "€1,234.50"),
        (-1234.5, "- € 1.234,50", "-€1,234.50"),
        (0, "€ 0,00", "€0.00"),
        (-0.001, "€ 0,00", "€0.00"),
        (999_999.995, "€ 1.000.000,00", "€1,000,000.00"),
        (Decimal("52300000.00"), "€ 52.300.000,00", "€52,300,000.00"),
        (np.float64(2622143.8), "€ 2.622.143,80", "€2,622,143.80"),
        (np.int64(-7), "- € 7,00", "-€7.00"),
        (Fraction(1, 3), "€ 0,33", "€0.33"),
        (float("inf"), "oneindig", "infinite"),
    ],
)
def test_euro(value: object, dutch: str, english: str) -> None:
    assert numbers.euro(value) == dutch
    assert numbers.euro(value, lang="en") == english


def test_a_float_is_read_as_the_decimal_it_shows() -> None:
    assert numbers.euro(2.675) == "€ 2,68"  # the binary number is just below
    assert numbers.number(0.1 + 0.2) == "0,3"  # 12 decimals at most


@pytest.mark.parametrize("unknown", [None, float("nan"), np.float64("nan"), Decimal("NaN"), pd.NA, pd.NaT])
def test_what_is_not_known_is_never_a_number(unknown: object) -> None:
    assert numbers.missing(unknown)
    for write in (numbers.euro, numbers.number, numbers.percent, numbers.date):
        assert write(unknown) == "onbekend"
        assert write(unknown, pm=True) == "PM"
        assert write(unknown, lang="en") == "unknown"


def test_numbers_keep_the_decimals_they_have() -> None:
    assert numbers.number(17_407_585) == "17.407.585"
    assert numbers.number(3.004437) == "3,004437"
    assert numbers.number(1e-7) == "0,0000001"
    assert numbers.number(1e16) == "10.000.000.000.000.000"
    assert numbers.number(5, plus=True) == "+5"
    assert numbers.number(0, plus=True) == "0"


def test_percent_is_exact() -> None:
    assert numbers.percent(0.9991, decimals=2) == "99,91%"
    assert numbers.percent(0.285, decimals=0) == "29%"  # 100 x 0.285 as floats is 28.499999999999996
    assert numbers.percent(float("inf")) == "oneindig"


def test_dates() -> None:
    assert numbers.date("2020-01-01") == "1 januari 2020"
    assert numbers.date(datetime.date(2022, 3, 24)) == "24 maart 2022"
    assert numbers.date(pd.Timestamp("2022-08-31"), lang="en") == "31 August 2022"
    with pytest.raises(InputError, match="'1 januari' is not a date"):
        numbers.date("1 januari")
    with pytest.raises(InputError, match="2020 is not a date"):
        numbers.date(2020)


def test_rounded_to_thousands_and_more() -> None:
    assert numbers.euro(1_399_949_999.0, decimals=-5) == "€ 1.399.900.000"
    assert numbers.euro(-1_234_500, decimals=-3) == "- € 1.235.000"
    assert numbers.euro(499.99, decimals=-3) == "€ 0"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0% (uitzonderlijk onwaarschijnlijk)"), (0.004, "minder dan 1% (uitzonderlijk onwaarschijnlijk)"),
        (0.005, "1% (uiterst onwaarschijnlijk)"), (0.04, "4% (uiterst onwaarschijnlijk)"),
        (0.05, "5% (zeer onwaarschijnlijk)"), (0.1, "10% (zeer onwaarschijnlijk)"), (0.11, "11% (onwaarschijnlijk)"),
        (0.3, "30% (onwaarschijnlijk)"), (0.33, "33% (ongeveer even waarschijnlijk als niet)"),
        (0.5, "50% (ongeveer even waarschijnlijk als niet)"), (0.66, "66% (ongeveer even waarschijnlijk als niet)"),
        (0.67, "67% (waarschijnlijk)"), (0.76, "76% (waarschijnlijk)"), (0.9, "90% (zeer waarschijnlijk)"),
        (0.95, "95% (uiterst waarschijnlijk)"), (0.975, "98% (uiterst waarschijnlijk)"), (0.99, "99% (vrijwel zeker)"),
        (0.996, "meer dan 99% (vrijwel zeker)"), (1, "100% (vrijwel zeker)"), (None, "onbekend"),
    ],
)  # fmt: skip
def test_probabilities(value: float | None, words: str) -> None:
    assert numbers.probability(value) == words


def test_bad_input() -> None:
    with pytest.raises(InputError, match="'12' is not a number"):
        numbers.euro("12")
    with pytest.raises(InputError, match="True is not a number"):
        numbers.number(True)
    with pytest.raises(UnknownNameError, match="unknown language 'fr'"):
        numbers.euro(1, lang="fr")


@cases(300)
@given(st.integers(-(10**13), 10**13))
def test_cents_are_shown_to_the_cent(cents: int) -> None:
    text = numbers.euro(cents / 100)
    read_back = Decimal(text.replace("€", "").replace(" ", "").replace(".", "").replace(",", "."))
    assert read_back * 100 == cents
    assert numbers.euro(Fraction(cents, 100)) == text


@given(st.floats(-1e15, 1e15), st.integers(-6, 14))
@cases(300)
def test_a_float_is_written_as_its_exact_decimal_is(value: float, decimals: int) -> None:
    exactly = Fraction(repr(value))
    for lang in ("nl", "en"):
        assert numbers.number(value, decimals=decimals, lang=lang) == numbers.number(
            exactly, decimals=decimals, lang=lang
        )
        assert numbers.number(value, decimals=decimals, lang=lang, plus=True) == numbers.number(
            exactly, decimals=decimals, lang=lang, plus=True
        )
