"""What is computed once: a bill asked again is the same one, and sums by denominator are sums."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import ggu_costs as ggu
from ggu_costs.fund.terms import quotas
from ggu_costs.money import add_up

ratios = st.fractions(min_value=0, max_value=10**6, max_denominator=10**4)


@given(st.lists(ratios))
def test_a_sum_by_denominator_is_the_sum(numbers: list[Fraction]) -> None:
    assert add_up(numbers) == sum(numbers, Fraction(0))


@given(st.lists(st.tuples(ratios, ratios), min_size=1, max_size=6), st.fractions(0, 1, max_denominator=100))
def test_quotas_are_the_parts_of_the_key(figures: list[tuple[Fraction, Fraction]], part: Fraction) -> None:
    codes = [f"GM{place:04d}" for place in range(len(figures))]
    columns = {
        "a": dict(zip(codes, (1 + a for a, _ in figures), strict=True)),
        "b": dict(zip(codes, (Fraction(1 + int(b)) for _, b in figures), strict=True)),
        "equal": dict.fromkeys(codes, Fraction(1)),
    }
    totals = {name: sum(column.values(), Fraction(0)) for name, column in columns.items()}
    key = {"a": part, "b": 1 - part}
    found = quotas(key, columns, totals)
    assert found == {
        code: part * columns["a"][code] / totals["a"] + (1 - part) * columns["b"][code] / totals["b"] for code in codes
    }
    assert sum(found.values()) == 1


def test_a_bill_is_made_once_and_anew_of_another_fund() -> None:
    fund = ggu.open_fund("funds/ggu/2020")
    assert fund.contributions() is fund.contributions(2020)
    dearer = fund.with_changes(total=60_000_000)
    assert dearer.contributions().total == 60_000_000 != fund.contributions().total
