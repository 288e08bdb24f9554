"""Amounts of a page are written by the thousand: the quick way gives what exact decimals give."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from ggu_costs.display.table import Table
from ggu_costs.report.tables import csv_bytes
from ggu_costs.words.messages import message, say
from ggu_costs.words.numbers import number


@given(st.floats(-1e13, 1e13), st.integers(0, 6))
@example(2.675, 2)
@example(0.5, 0)
@example(-0.004, 2)
@example(1.0000005, 6)
def test_a_float_is_rounded_half_up_as_its_shortest_text(value: float, decimals: int) -> None:
    exact = abs(Decimal(repr(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    digits = f"{exact:,f}"
    sign = "-" if value < 0 and digits.strip("0,.") else ""
    assert number(value, decimals=decimals, lang="en") == sign + digits


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5))
def test_cents_of_a_csv_are_the_cents(cents: list[int]) -> None:
    frame = pd.DataFrame({"fee": [cent / 100 for cent in cents]}, index=pd.Index(range(len(cents)), name="code"))
    lines = csv_bytes(Table("fees", "", frame, units="EUR")).decode().splitlines()[1:]
    assert [Decimal(line.split(",")[1]) for line in lines] == [Decimal(cent) / 100 for cent in cents]
    assert not any(line.endswith(",-0.00") for line in lines)


def test_a_message_in_its_own_language_is_the_text_it_was_made_with() -> None:
    made = message("participation_in", year=2024)
    assert (say(made), type(say(made)), say(made, "en")) == (str(made), str, "participation of 2024")
