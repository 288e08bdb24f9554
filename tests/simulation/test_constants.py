"""Kernels hold copies of the numbers of the engine: they are equal."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

import pytest

from ggu_costs.simulation import constants
from ggu_costs.simulation.influence import _sensitivity_kernels
from ggu_costs.simulation.machine import _draw_kernels, _engine_kernels
from ggu_costs.simulation.runs import _row_kernels

NUMBERS = {name: getattr(constants, name) for name in constants.__all__}


def copies(module: ModuleType) -> dict[str, object]:
    return {name: value for name, value in vars(module).items() if name in NUMBERS}


@pytest.mark.parametrize("module", [_sensitivity_kernels, _draw_kernels, _engine_kernels, _row_kernels])
def test_copies_in_kernels_are_equal(module):
    found = copies(module)
    assert found == {name: NUMBERS[name] for name in found}


def test_the_kernels_that_need_them_have_them():
    assert set(copies(_engine_kernels)) == {*constants.OPERATIONS} | {"LEAF", "TILE", "LANES", "BLOCK", "BINS"}
    assert set(copies(_draw_kernels)) == {"LEAF", "TABLE", "STEPS"}
    assert set(copies(_row_kernels)) == {"BINS", "LANES"}


def test_every_number_has_one_meaning():
    assert [NUMBERS[name] for name in constants.OPERATIONS] == list(range(len(constants.OPERATIONS)))
    assert sorted(NUMBERS[name] for name in ("SCORE", "EXP_OF_SCORE", "TABLE", "STEPS")) == list(range(4))
    tree = ast.parse(Path(constants.__file__).read_text(encoding="utf-8"))
    names = [target for node in tree.body if isinstance(node, ast.Assign) for target in ast.walk(node.targets[0])]
    stated = {node.id for node in names if isinstance(node, ast.Name)} - {"__all__"}
    assert stated == set(constants.__all__)
    assert constants.LEAVES * constants.LEAF < 2**16 <= (constants.LEAVES + 1) * constants.LEAF
    assert constants.LEAF % constants.TILE == 0 == constants.TILE % constants.BLOCK
