import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs.display.columns import columns_of, memoranda, rounded
from ggu_costs.errors import InputError


def frame_of(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.Index(["GM0003", "GM0010"], name="code"))


def test_kinds() -> None:
    frame = frame_of(
        name=["Appingedam", None],
        inhabitants=[11642.0, np.nan],
        contribution=[34_977.66, -0.01],
        estimate=[1.005, 2.0],
        key_share=[0.25, 1.0],
        growth=[0.5, 2.0],
        joined=[datetime.date(2020, 1, 1), pd.Timestamp("2021-01-01")],
        measured=[pd.Timestamp("2020-01-01 10:30"), None],
        member=[True, False],
        exact=[Decimal("1.10"), Decimal("2.20")],
        empty=[None, None],
    )
    units = {
        "contribution": "EUR",
        "estimate": "EUR",
        "key_share": "share",
        "exact": "EUR",
        "empty": "EUR",
        "name": "text",
    }
    columns = {column.name: column for column in columns_of(frame, units=units)}
    assert {name: column.kind for name, column in columns.items()} == {
        "code": "text",
        "name": "text",
        "inhabitants": "integer",
        "contribution": "cents",
        "estimate": "number",
        "key_share": "number",
        "growth": "number",
        "joined": "date",
        "measured": "text",
        "member": "truth",
        "exact": "cents",
        "empty": "number",
    }
    assert columns["name"].unit == ""
    assert columns["joined"].values == (datetime.date(2020, 1, 1), datetime.date(2021, 1, 1))
    assert columns["measured"].text(columns["measured"].values[0]) == "2020-01-01 10:30:00"
    assert columns["member"].text(True) == "ja"
    assert columns["member"].text(False, "en") == "no"
    assert columns["joined"].text(columns["joined"].values[0]) == "1 januari 2020"
    assert columns["name"].text(None) == ""
    assert columns["inhabitants"].text(None) == ""
    assert columns["growth"].text(0.5) == "0,5"
    assert columns["contribution"].header() == "bijdrage (€)"


def test_values_are_plain() -> None:
    (_, whole) = columns_of(frame_of(inhabitants=np.array([1, 2])))
    assert whole.values == (1, 2)
    assert {type(value) for value in whole.values} == {int}


def test_decimals_shown() -> None:
    (_, small, weight) = columns_of(frame_of(ratio=[0.05, 0.000054], weight=[0.8, 0.25]), units={"ratio": "share"})
    assert small.text(0.000054) == "0,005%"
    assert (weight.decimals, weight.text(0.8)) == (2, "0,80")


def test_words_for_values() -> None:
    frame = pd.DataFrame({"status": ["enacted", "own_word"], "size_class": [1, 8], "metric": ["inhabitants", "equal"]})
    status, size_class, metric = columns_of(frame)
    assert [status.text(value) for value in status.values] == ["vastgesteld", "own_word"]  # a word of their own stays
    assert (size_class.kind, size_class.text(8)) == ("text", "8 (250.000 en meer)")
    assert metric.text("inhabitants") == "inwoners"


def test_index() -> None:
    assert [column.name for column in columns_of(pd.DataFrame({"a": [1]}))] == ["a"]
    assert [column.name for column in columns_of(pd.DataFrame({"a": [1]}, index=["GM0003"]))] == ["code", "a"]
    two = pd.MultiIndex.from_tuples([("GM0003", 2020)], names=["code", "year"])
    assert [column.name for column in columns_of(pd.DataFrame({("a", "b"): [1]}, index=two))] == ["code", "year", "a b"]
    years = pd.DataFrame({2020: [1.5], 2021: [2.5]}, index=pd.Index([5], name="size_class"))
    assert [column.unit for column in columns_of(years, units="EUR")] == ["EUR", "EUR", "EUR"]


def test_totals() -> None:
    frame = frame_of(net=[0.1, np.nan], fee=[0.1, 0.2], vat=[1.0, np.nan], gone=[np.nan, np.nan], inhabitants=[1, 2])
    columns = columns_of(frame, units=dict.fromkeys(["net", "fee", "vat", "gone"], "EUR"), pm=["net", "gone"])
    totals = {column.name: column.total() for column in columns if column.numeric}
    assert totals == {"net": 0.1, "fee": 0.3, "vat": None, "gone": None, "inhabitants": 3}
    assert memoranda(columns) == [
        "Gone: PM (nog niet bekend).",
        "netto na BCF: exclusief PM (1 keer nog onbekend).",
    ]
    assert columns_of(frame.iloc[:0])[1].total() == 0


def test_attrs_are_the_default_and_may_name_columns_left_out() -> None:
    frame = frame_of(net=[1.5, np.nan])
    frame.attrs = {"units": {"net": "EUR", "vat": "EUR"}, "pm": ["net", "vat"]}
    net = columns_of(frame)[1]
    assert (net.unit, net.text(None)) == ("EUR", "PM")


def test_all_faults_at_once() -> None:
    frame = pd.DataFrame([[1.0, np.inf, "a"], [2.0, 1.0, "b"]], columns=["a", "b", "b"], index=["GM0003", "GM0010"])
    with pytest.raises(InputError) as error:
        columns_of(frame, units={"c": "EUR"}, pm=["d"], total=["b", "e"])
    text = str(error.value)
    for part in (
        "b: is the name of two columns",
        "units: 'c'",
        "pm: 'd'",
        "total: 'e'",
        "infinite for GM0003",
        "'b' holds no",
    ):
        assert part in text


@cases(60)
@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30))
def test_totals_are_exact_to_the_cent(cents: list[int]) -> None:
    frame = pd.DataFrame({"contribution": np.array(cents) / 100})
    (column,) = columns_of(frame, units="EUR")
    assert column.kind == "cents"
    assert column.total() == sum(cents) / 100


def test_names_that_are_numbers() -> None:
    frame = frame_of(name=["a", "b"])
    frame[1] = [1.5, 2.5]
    frame.attrs = {"units": {1: "EUR"}, "pm": [1]}
    column = columns_of(frame, total=[1])[-1]
    assert (column.name, column.unit, column.pm, column.total()) == ("1", "EUR", True, 4.0)


def test_a_turned_sign_has_its_own_words() -> None:
    frame = frame_of(difference=[1.0, -1.0], inhabitants=[1, 2])
    frame.attrs = {"units": {"difference": "EUR"}, "sign": "gemeentefonds"}
    (_, effect, people) = columns_of(frame)
    assert (effect.header(), people.header()) == ("verschil, voordeel (+) / nadeel (-) (€)", "inwoners")
    assert columns_of(frame.assign(difference_b=[1, 2]))[-1].text(1) == "+1"


def test_numbers_among_texts() -> None:
    (_, mixed) = columns_of(frame_of(value=[Decimal("1234.5"), "PM"]))
    assert [mixed.text(value) for value in mixed.values] == ["1.234,5", "PM"]


def test_whole_numbers_have_no_decimals() -> None:
    (_, whole, fee) = columns_of(frame_of(inhabitants=[11642.0, np.nan], fee=[1.5, 2]), units={"fee": "EUR"})
    assert (whole.decimals, whole.text(11642.0)) == (0, "11.642")
    assert fee.decimals == 2


def test_a_year_is_no_amount() -> None:
    (year,) = columns_of(pd.DataFrame({"year": [2021, 2022]}))
    assert (year.kind, year.text(2021)) == ("integer", "2021")


def test_who_a_name_is_of() -> None:
    """Municipalities, participants, or something else."""
    for codes, word in ((["GM0363"], "gemeente"), (["GM0363", "XX:DIENST"], "deelnemer")):
        frame = pd.DataFrame({"name": codes}, index=pd.Index(codes, name="code"))
        assert columns_of(frame)[1].title() == word
    drivers = pd.DataFrame({"name": ["de prijs"]}, index=pd.Index(["prijs"], name="driver"))
    assert [column.title() for column in columns_of(drivers)] == ["onzekere aanname", "naam"]


def test_rounded_for_people() -> None:
    frame = pd.DataFrame({"mean": [1_234_567.0], "mean_error": [12.3], "chance": [0.337]})
    frame.attrs = {"units": {"mean": "EUR", "mean_error": "EUR", "chance": "probability"}}
    frame.attrs["decimals"] = {"EUR": -3, "mean_error": 0}
    mean, error, chance = columns_of(frame)
    assert (mean.text(1_234_567.0), error.text(12.3)) == ("€ 1.235.000", "€ 12")
    assert chance.text(0.337) == "34% (ongeveer even waarschijnlijk als niet)"
    assert chance.text(0.337, "en") == "34% (about as likely as not)"
    assert chance.text(None) == ""


def test_numbers_among_names_stay_numbers() -> None:
    (value,) = columns_of(pd.DataFrame({"value": [Decimal("1234.5"), "one_off", "eigen_woord"]}))
    assert not value.worded
    assert [value.text(cell) for cell in value.values] == ["1.234,5", "incidenteel", "eigen_woord"]


NEAR_TIES = st.builds(lambda whole, power: (whole + 0.5) / 10**power, st.integers(-(10**9), 10**9), st.integers(0, 8))


@given(st.floats(allow_nan=False, allow_infinity=False, width=64) | NEAR_TIES, st.sampled_from([2, 6]))
def test_a_figure_has_the_digits_that_exact_rounding_gives(value, decimals):
    """Half up, of the shortest decimal that stands for the float, and six digits of what is small."""
    exact = Decimal(repr(value))
    kept = min(-decimals, exact.adjusted() - 5) if exact else 0
    scaled = Fraction(exact) / Fraction(10) ** kept
    whole = (abs(scaled) * 2 + 1) // 2 * (1 if scaled >= 0 else -1)
    assert Fraction(rounded(value, decimals=decimals)) == whole * Fraction(10) ** kept
    assert "e" not in rounded(value, decimals=decimals).lower()
