"""The JSON Schema says the same as the library: shipped files are valid, slips are not."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from model_files import tables

from ggu_costs.catalogue import KINDS, definition_of, model_files
from ggu_costs.modelfile.schema import json_schema


def as_json(file: dict[str, Any]) -> Any:
    """Return a file as an editor hands it to a validator: dates as ISO text, decimals as numbers."""
    return json.loads(json.dumps(file, default=lambda item: float(item) if isinstance(item, Decimal) else str(item)))


def faults(file: dict[str, Any], kind: str = "fund") -> list[str]:
    validator = Draft202012Validator(json_schema(definition_of(kind)))
    return [error.message for error in validator.iter_errors(as_json(file))]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_schema_is_a_schema_and_can_be_written(kind: str) -> None:
    schema = json_schema(definition_of(kind))
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", sorted(model_files()))
def test_shipped_models_are_valid(name: str) -> None:
    file = tomllib.loads(model_files()[name].read_text(encoding="utf-8"))
    assert faults(file, file["kind"]) == []


@pytest.mark.parametrize(
    "pair",
    [
        ("schema = 1", "schema = 1\ncolour = 'red'"),
        ("place =", "plaats ="),
        ('unit = "share"', 'unit = "percent"'),
        ('status = "enacted"', 'status = "agreed"'),
        ("checked_on = 2024-05-01\n", ""),
        ('vat = "incl"', 'vat = "inclusief"'),
        ("value = 1_000_000.00", "value = true"),
    ],
)
def test_slips_are_not_valid(pair: tuple[str, str]) -> None:
    assert faults(tables(pair))


def test_dated_values_are_one_table_or_a_list() -> None:
    file = tables()
    file["fund"]["total"] = [file["fund"]["total"]]
    assert faults(file) == []
    file["fund"]["total"] = []
    assert faults(file)


def test_a_file_with_a_base_holds_changes_instead() -> None:
    change = {"key": "fund.total", "set": {"value": 5}, "status": "proposed", "source": "besluit"}
    file = {"id": "funds/proef", "base": "funds/ggu/2020", "changes": [change]}
    assert faults(file) == []
    assert faults(file | {"fund": {}})
    assert faults(file | {"changes": [change | {"colour": "red"}]})
    assert faults(file | {"changes": [{"key": "fund.total"}]})
