"""The JSON Schema says the same as the library: shipped files are valid, slips are not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
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


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_toml_language_server_says_of_them(kind: str, tmp_path: Path) -> None:
    """Taplo is what editors run: no fault in any shipped file, and one in a file with a slip."""
    taplo = shutil.which("taplo", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if taplo is None:
        pytest.skip("taplo is not installed")
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(json_schema(definition_of(kind))), encoding="utf-8")
    files = [file for file in model_files().values() if f'kind = "{kind}"' in file.read_text(encoding="utf-8")]
    slip = tmp_path / "slip.toml"
    slip.write_text(files[0].read_text(encoding="utf-8").replace("checked_on", "cheked_on"), encoding="utf-8")

    def lint(*names: Path) -> subprocess.CompletedProcess[str]:
        command = [taplo, "lint", "--schema", schema.as_uri(), *map(str, names)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good, bad = lint(*files), lint(slip)
    assert good.returncode == 0, good.stderr[-2000:]
    assert bad.returncode != 0
    assert "'cheked_on' was unexpected" in bad.stderr


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


def keys_of(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of every table in a schema, with its dotted place."""
    if isinstance(schema, list):
        for part in schema:
            yield from keys_of(part, where)
    elif isinstance(schema, dict):
        named = schema.get("properties", {})
        for name, part in named.items():
            yield f"{where}.{name}", part
            yield from keys_of(part, f"{where}.{name}")
        for name, part in schema.items():
            if name == "$defs":
                for one, inner in part.items():
                    yield from keys_of(inner, one)
            elif name != "properties":
                yield from keys_of(part, where)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_key_says_what_it_means(kind: str) -> None:
    keys = dict(keys_of(json_schema(definition_of(kind)), kind))
    assert len(keys) > 50
    told = re.compile(r"[A-Z0-9'].{8,}[.)]")
    assert [where for where, part in keys.items() if not told.fullmatch(part.get("description", ""))] == []


def test_the_words_of_a_key_are_those_of_its_class() -> None:
    keys = dict(keys_of(json_schema(definition_of("fund"))))
    assert keys[".years"]["description"] == "Calendar years that the file is about, without gaps."
    assert keys["Value.from"]["description"] == "First day on which it holds; by default the first of the file."
    assert keys["FundTerms.total"]["anyOf"][0]["x-unit"] == "EUR"
    assert keys["Activity.budget"] == {
        "$ref": "#/$defs/Dated", "x-unit": "EUR", "description": "What it may cost in each year."
    }  # fmt: skip
