"""Terms that several kinds of file share: on what a choice rests, fractions that add up, figures that hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from ggu_costs.errors import Faults
from ggu_costs.figures import adds_up
from ggu_costs.modelfile.figures import not_throughout
from ggu_costs.modelfile.terms import Chosen, KeyTerms, VatShares, VatTerms, check_fractions
from ggu_costs.modelfile.values import BASIS, Value

SOURCED = ("enacted", "proposed", "actual", "published")


@pytest.mark.parametrize("status", SOURCED)
def test_what_comes_from_a_source_names_it(status: str) -> None:
    assert Chosen(status=status, source="besluit").missing_grounds() == []
    with pytest.raises(ValidationError, match=f"status '{status}' without a source"):
        Chosen(status=status, by="de proef")


@pytest.mark.parametrize("status", ["estimated", "illustrative"])
def test_an_estimate_or_example_is_somebodys(status: str) -> None:
    assert Chosen(status=status, by="de proef").missing_grounds() == []
    with pytest.raises(ValidationError, match=f"status '{status}' without by"):
        Chosen(status=status, source="besluit")


@pytest.mark.parametrize("how", [{"calculation": "1 - 0,1"}, {"source": "besluit"}, {"by": "de proef"}])
def test_a_derived_choice_says_from_what(how: dict[str, Any]) -> None:
    assert Chosen(status="derived", **how).status == "derived"
    with pytest.raises(ValidationError, match="status 'derived' without calculation"):
        Chosen(status="derived", note="zomaar")


def test_a_derived_value_holds_its_calculation() -> None:
    assert Value(value=1, unit="count", status="derived", calculation="2 - 1").calculation
    for how in ({"source": "besluit"}, {"by": "de proef"}):
        with pytest.raises(ValidationError, match="status 'derived' without calculation"):
            Value(value=1, unit="count", status="derived", **how)


def test_a_choice_without_status_is_nobodys() -> None:
    with pytest.raises(ValidationError, match="no status"):
        Chosen(by="de proef")


def test_the_fields_of_a_basis_are_those_of_values_and_choices() -> None:
    assert set(BASIS) < set(Value.model_fields)
    assert set(BASIS) < set(Chosen.model_fields)


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"inhabitants": "0.8", "equal": "0.2"}, []),
        (dict.fromkeys(("inhabitants", "households", "equal"), repr(1 / 3)), []),
        ({"inhabitants": "0.9", "equal": "0.2"}, ["key: the fractions add up to 1.1; allowed: 1"]),
        ({"inhabitants": "80", "equal": "20"}, ["key: the fractions add up to 100; allowed: 1. Divide."]),
        ({"inhabitants": "1.5", "equal": "-0.5"},
         ["key.inhabitants: 1.5; allowed: a fraction above 0 and at most 1",
          "key.equal: -0.5; allowed: a fraction above 0 and at most 1"]),
    ],
)  # fmt: skip
def test_fractions_of_a_key(parts: dict[str, str], faults: list[str]) -> None:
    found = Faults()
    check_fractions({name: Decimal(part) for name, part in parts.items()}, found, where="key", percentages="Divide.")
    assert [str(fault) for fault in found.found] == faults
    assert adds_up(map(Decimal, parts.values())) == (not any("add up" in fault for fault in faults))


def test_fractions_that_could_not_all_be_read_have_no_sum() -> None:
    found = Faults()
    check_fractions({"equal": Decimal("0.5")}, found, where="key", sums=False)
    assert not found


def test_a_key_tells_fractions_and_whose_it_is_at_once() -> None:
    found = Faults()
    KeyTerms(parts={"equal": Decimal("0.5")}, status="enacted").check(found, "fund.key")
    assert [fault.where for fault in found.found] == ["fund.key.parts", "fund.key"]


def share(value: float) -> dict[str, Any]:
    return {"value": value, "unit": "share", "status": "estimated", "by": "de proef"}


def test_vat_without_a_taxed_share_only_where_all_is_taxed() -> None:
    stated = {"rate": share(0.21), "recoverable_share": share(0.5)}
    assert VatShares.model_validate(stated).taxed_share is None
    with pytest.raises(ValidationError, match="taxed_share"):
        VatTerms.model_validate(stated)
    assert list(VatTerms.model_fields) == ["rate", "taxed_share", "recoverable_share"]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"value": 1}, []),
        ({"mark": "pm"}, []),
        ({"mark": "unallocated"}, ["mark 'unallocated'"]),
        ({"value": 1, "from": "2024-01-01"}, ["a value with years, from or until"]),
        ({"years": {2024: 1}}, ["a value with years, from or until"]),
    ],
)
def test_a_value_that_holds_throughout(more: dict[str, Any], found: list[str]) -> None:
    value = Value.model_validate({"unit": "count", "status": "estimated", "by": "de proef", **more})
    assert [words for words, _, _ in not_throughout(value, pm=True)] == found
