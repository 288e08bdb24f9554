"""Provenance: the same for the same inputs, and never without a file."""

from __future__ import annotations

import hashlib
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


class Changed(OpenedModel[Header]):
    """A model that was changed on top of its file."""

    def _changes_in_words(self) -> list[str]:
        return ["totaal 5"]


def test_provenance_names_library_model_files_inputs_and_changes() -> None:
    model = opened({"i": 11})
    changed = Changed(model.loaded, model.inputs)
    (digest,) = changed.provenance()["files"].values()
    assert changed.provenance(day=date(2020, 1, 1), seed=0) == {
        "library": f"ggu_costs {ggu_costs.__version__}",
        "model": "funds/proef/2024",
        "files": {"funds/proef/2024": digest},
        "inputs": {"i": hashlib.sha256(b"11").hexdigest()},
        "changes": ["totaal 5"],
        "day": "2020-01-01",
        "seed": 0,
    }
    assert (opened().provenance()["inputs"], opened().provenance()["changes"]) == ({}, [])


def test_no_provenance_without_a_file() -> None:
    assert list(opened().provenance()["files"]) == [opened().id]
    assert all(len(digest) == 64 for digest in opened().provenance()["files"].values())
