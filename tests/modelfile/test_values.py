"""Dated values: which holds on a day, and what is said outside the known period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from fuzz.text import _classes
from pydantic import TypeAdapter, ValidationError

from ggu_costs.errors import OutsidePeriodError
from ggu_costs.modelfile.values import Checked, Dated, Found, Value, shown

FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)


def dated(*values: dict[str, Any]) -> Dated:
    rest = {"unit": "EUR", "vat": "incl", "price_level": "current", "status": "estimated", "by": "de proef"}
    return Dated.model_validate({"items": [rest | value for value in values]})


def at(part: Dated, day: date) -> tuple[Value, Any]:
    return part.item(day, key="fund.total", path="proef.toml", first=FIRST, last=LAST)


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2020, 1, 1), Decimal(1)),
        (date(2020, 6, 30), Decimal(1)),
        (date(2020, 7, 1), Decimal(2)),
        (date(2024, 12, 31), Decimal(2)),
    ],
)
def test_from_is_inclusive_and_until_too(day: date, amount: Decimal) -> None:
    part = dated({"value": 1, "until": date(2020, 6, 30)}, {"value": 2, "from": date(2020, 7, 1)})
    assert at(part, day)[1] == amount
    assert part.first.value == 1


def test_years_and_marks() -> None:
    part = dated({"years": {2021: Decimal("1.5"), 2022: "pm", 2023: "unallocated"}})
    assert [at(part, date(year, 3, 1))[1] for year in (2021, 2022, 2023)] == [Decimal("1.5"), "pm", "unallocated"]
    assert part.first.figures() == [Decimal("1.5")]
    assert at(dated({"mark": "pm"}), FIRST)[1] == "pm"


def test_an_input_has_no_amount_of_its_own() -> None:
    value, amount = at(dated({"input": "total"}), FIRST)
    assert (value.input, amount) == ("total", None)


def test_outside_the_known_period_the_error_names_file_key_and_range() -> None:
    part = dated({"years": {2021: 1, 2023: 2}})
    with pytest.raises(OutsidePeriodError) as caught:
        at(part, date(2022, 5, 1))
    assert str(caught.value).splitlines() == [
        "proef.toml: fund.total has no value on 2022-05-01; known: 2021-01-01 to 2021-12-31, 2023-01-01 to 2023-12-31",
        "Ask a day within the known period, or add a dated value for fund.total with its source.",
    ]
    assert (caught.value.key, caught.value.asked) == ("fund.total", "2022-05-01")
    with pytest.raises(OutsidePeriodError, match="known: 2020-01-01 to 2020-06-30"):
        at(dated({"input": "total", "until": date(2020, 6, 30)}), date(2021, 1, 1))


def test_a_value_found_is_written_as_the_file_has_it() -> None:
    assert [shown(item) for item in ("x", Decimal("1.50"), date(2020, 1, 1), [1], None)] == [
        "'x'", "1.50", "2020-01-01", "[1]", "None",
    ]  # fmt: skip


class Base(Checked):
    first: int = 1

    def _wrong(self) -> Iterator[Found]:
        for name in ("first", "second"):
            if getattr(self, name, 0) < 0:
                yield f"{name} below 0", "0 or more", ""


class Derived(Base):
    second: int = 1

    def _wrong(self) -> Iterator[Found]:
        if self.second == 0:
            yield "second is 0", "another number", ""


@pytest.mark.parametrize(
    ("figures", "wrong"),
    [
        ({"first": -1, "second": -1}, "first below 0; second below 0"),
        ({"first": -1, "second": 0}, "first below 0"),
        ({"second": 0}, "second is 0"),
    ],
)
def test_all_that_is_wrong_with_a_part_is_said_at_once_that_of_its_base_alone(
    figures: dict[str, int], wrong: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Derived(**figures)
    assert [fault["msg"] for fault in refused.value.errors()] == [wrong]
    assert Derived().second == 1


def figures_in(annotation: Any) -> bool:
    """Whether what is annotated is a number, or holds some."""
    return annotation in (int, Decimal) or any(map(figures_in, get_args(annotation)))


def holding(annotation: Any, given: object) -> Any:
    """Put something where what is annotated has its figures."""
    parts = get_args(annotation)
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return holding(parts[0], given)
    if get_origin(annotation) is dict:
        return {"2024": holding(parts[1], given)}
    if get_origin(annotation) is tuple:
        return [holding(part, given) for part in parts if part is not ...]
    return given


FIGURES = {
    f"{part.__module__}.{part.__name__}.{name}": (field.annotation, field.metadata)
    for part in _classes()
    if part.__module__.startswith("ggu_costs.")
    for name, field in part.model_fields.items()
    if figures_in(field.annotation)
}


def test_the_figures_of_model_files_are_found() -> None:
    assert len(FIGURES) > 20
    assert {name.rpartition(".")[2] for name in FIGURES} >= {"value", "years", "from_inhabitants", "levels", "draws"}


@pytest.mark.parametrize("name", FIGURES)
def test_text_and_truth_are_no_figure_in_any_part_of_a_file(name: str) -> None:
    """10.000 between quotes would be read as ten, a truth value as one."""
    annotation, more = FIGURES[name]
    adapter: Any = TypeAdapter(Annotated[annotation, *more] if more else annotation)
    for given in ("10.000", "3", "0.5", True):
        with pytest.raises(ValidationError):
            adapter.validate_python(holding(annotation, given))
