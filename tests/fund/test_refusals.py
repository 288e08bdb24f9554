"""What a fund file or its inputs may get wrong: each is one error, with all that is wrong in it and the remedy."""

from typing import Any

import pandas as pd
import pytest
from fund_files import DATE, FUND, MONEY, RATE, changed

import ggu_costs as ggu
from ggu_costs.errors import InputError

CODES = list(ggu.municipalities(2020).index)
CLIENTS = {"unit": "count", "description": "klanten", "scope": "municipality"}
BY_CLIENTS = {"inputs.clients": CLIENTS, "fund.key.parts": {"inhabitants": 0.5, "input:clients": 0.5}}
PATH = {"from_bill": "funds/example-portfolio", "first_year": 2025, "per_inhabitant_per_year": 1}
TABLE = [
    {"from_inhabitants": 0, "to_inhabitants": 9_000, "rate": {**RATE, "value": 1}},
    {"from_inhabitants": 10_000, "rate": {**RATE, "value": 1}},
    {"from_inhabitants": 20_000},
]


def closing(years: dict[str, int]) -> dict[str, Any]:
    money = {**MONEY, "value": 100}
    return {"reserve": {"opening": money, "withdrawal": {**MONEY, "value": 10}, "closing": {**MONEY, "years": years}}}


def first(count: int) -> pd.Series:
    return pd.Series(1.0, index=pd.Index(CODES[:count], name="code"))


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str], str]] = {
    "a phase-in from a bill on a later map": (
        {"fund.phase_in": {**PATH, "status": "estimated", "by": "test"}}, {},
        ["funds/example-portfolio, on the map of 2024-01-01, while 2020 is on that of 2020-01-01"],
        "Amounts are carried forward only.",
    ),
    "bounds that contradict each other": (
        {"fund.total.value": 60_000_000, "fund.minimum": {**MONEY, "value": 5_000},
         "fund.maximum_per_inhabitant": {**RATE, "value": 4}}, {},
        ["Schiermonnikoog (GM0088): a minimum of 5,000.00 euro", "Vlieland (GM0096): a minimum of 5,000.00 euro"],
        "Lower a minimum, raise a maximum, or change the total.",
    ),
    "accounts that do not close": (
        {"years": [2020, 2021], "fund.map_date": {**DATE, "years": {"2020": "2020-01-01", "2021": "2021-01-01"}},
         "fund.counting_date": {**DATE, "years": {"2020": "2020-01-01", "2021": "2021-01-01"}},
         **closing({"2020": 91, "2021": 78})}, {},
        ["91 in 2020, while 100 + 0 - 10 is 90; allowed: 90: a gap of 1",
         "78 in 2021, while 90 + 0 - 10 is 80; allowed: 80: a gap of -2"],
        "Correct every key named.",
    ),
    "a class table with gaps": (
        {"fund.basis": "tariff", "fund.total": None, "fund.tariff": {"mode": "whole_class", "brackets": TABLE}}, {},
        ["fund.tariff.brackets[0].to_inhabitants: a gap from 9000 to 10000; allowed: 10000",
         "fund.tariff.brackets[2]: no rate and no amount"],
        "ends at 20000, where the next begins",
    ),
    "an input for some municipalities only": (
        BY_CLIENTS, {"clients": first(353)}, [CODES[353], CODES[354]], "Give one figure for each of them, by code.",
    ),
    "each with a total that must be met": (
        {"fund.rounding": "each", "fund.total_must_be_met": True}, {},
        ["fund.rounding: 'each' on basis 'budget', while the total must be met"],
        "leave out total_must_be_met, or choose another rounding",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_error_names_all_that_is_wrong_and_what_to_do(case: str) -> None:
    changes, data, wrong, remedy = CASES[case]
    with pytest.raises(InputError) as error:
        ggu.open_fund(changed(FUND, changes), data).contributions(changes.get("years", [2020])[0])
    told = str(error.value)
    assert [words for words in (*wrong, remedy) if words not in told] == [], told
    assert len(error.value.faults) == len(wrong), told
