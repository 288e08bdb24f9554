"""Provenance: the same for the same inputs, and never without a file."""

from __future__ import annotations

from datetime import date

from model_files import tables

import ggu_costs
from ggu_costs.modelfile import Header, Loaded, OpenedModel, read_raw


def opened(data: dict[str, float] | None = None) -> OpenedModel[Header]:
    raw = read_raw(tables(), NotImplemented)
    needs = {"i": {"unit": "EUR", "description": "an amount"}}
    names = ("schema", "kind", "id", "title", "checked_on", "sources")
    header = Header.model_validate({name: raw.tables[name] for name in names} | {"inputs": needs})
    return OpenedModel.open(Loaded(header, raw.path, raw.hashes), data)


def test_provenance_names_library_model_files_inputs_and_changes() -> None:
    model = opened({"i": 11})
    assert model.provenance(changes=["total = 5"], day=date(2020, 1, 1), seed=0) == {
        "library": f"ggu_costs {ggu_costs.__version__}",
        "model": model.id,
        "files": model.loaded.hashes,
        "inputs": model.inputs.hashes,
        "changes": ["total = 5"],
        "day": "2020-01-01",
        "seed": 0,
    }
    assert list(model.inputs.hashes) == ["i"]
    assert (opened().provenance()["inputs"], opened().provenance()["changes"]) == ({}, [])


def test_no_provenance_without_a_file() -> None:
    assert list(opened().provenance()["files"]) == [opened().id]
    assert all(len(digest) == 64 for digest in opened().provenance()["files"].values())
