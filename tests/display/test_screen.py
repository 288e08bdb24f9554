"""Figures as a line on the screen shows them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ggu_costs.display.screen import written


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("52300000.00"), "EUR", "€ 52.300.000,00"),
        (10_796_115.333333333, "EUR", "€ 10.796.115,33"),
        (3.0044374436, "EUR/inhabitant", "€ 3,004437 per inwoner"),
        (Decimal("1.9"), "EUR/inhabitant", "€ 1,90 per inwoner"),
        (Decimal("0.034"), "share", "3,4%"),
        (Decimal("0.0345"), "share", "3,45%"),
        (355, "count", "355"),
        (66_493, "inhabitants", "66.493"),
        (668.1538461538462, "months", "668,153846"),
        (2018, "", "2018"),
        (Decimal("0.8"), "", "0,8"),
        (date(2020, 1, 1), "date", "1 januari 2020"),
        (None, "EUR", "PM"),
        ("niet uitgesplitst", "EUR", "niet uitgesplitst"),
        (True, "", "True"),
        (0.06034, "probability", "6% (zeer onwaarschijnlijk)"),
    ],
)
def test_amounts_as_a_reader_sees_them(value: object, unit: str, text: str) -> None:
    assert written(value, unit) == text
