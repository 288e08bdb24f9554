"""Provenance: the same for the same inputs, and never without a file."""

from __future__ import annotations

from datetime import date

import pytest

import ggu_costs
from ggu_costs.errors import InputError
from ggu_costs.modelfile.provenance import provenance


def test_provenance_names_library_model_files_inputs_and_changes() -> None:
    found = provenance("m", files={"m": "00"}, inputs={"i": "11"}, changes=["total = 5"], day=date(2020, 1, 1), seed=0)
    assert found == {
        "library": f"ggu_costs {ggu_costs.__version__}",
        "model": "m",
        "files": {"m": "00"},
        "inputs": {"i": "11"},
        "changes": ["total = 5"],
        "day": "2020-01-01",
        "seed": 0,
    }
    assert provenance("m", files={"m": "00"})["inputs"] == {}


def test_no_provenance_without_a_file() -> None:
    with pytest.raises(InputError, match="m: no model file is named"):
        provenance("m", files={})
