"""After a warm-up no kernel is left to compile."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

import ggu_costs
from ggu_costs.warmup import ROOMS, warm_up

PACKAGE = Path(ggu_costs.__file__).parent


def outer_kernels(path: Path) -> list[str]:
    """Kernels that no other kernel of the file calls: those that Python calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kernels = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(item, ast.Name) and item.id == "kernel" for item in node.decorator_list)
    ]
    called = {
        call.func.id
        for kernel in kernels
        for call in ast.walk(kernel)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    return [kernel.name for kernel in kernels if kernel.name not in called]


def test_every_room_is_warmed() -> None:
    assert warm_up() == tuple(ROOMS)


@pytest.mark.compiled
def test_no_kernel_is_left_to_compile() -> None:
    warm_up()
    left = []
    for room in ROOMS:
        for path in sorted((PACKAGE / room).glob("_*kernels.py")):
            module = import_module(f"ggu_costs.{room}.{path.stem}")
            left += [
                f"{room}/{path.stem}.{name}" for name in outer_kernels(path) if not getattr(module, name).signatures
            ]
    assert left == []
