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
        and any(isinstance(item, ast.Name) and item.id in ("kernel", "lean_kernel") for item in node.decorator_list)
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


KERNELS = sorted(PACKAGE.rglob("_*kernels.py"))


def test_every_file_of_kernels_is_looked_at() -> None:
    assert {path.relative_to(PACKAGE).parts[0] for path in KERNELS} == {"allocation", "games", "simulation"}
    assert all(outer_kernels(path) for path in KERNELS)


@pytest.mark.compiled
def test_no_kernel_is_left_to_compile() -> None:
    warm_up()
    left = []
    for path in KERNELS:
        module = import_module(".".join(("ggu_costs", *path.relative_to(PACKAGE).with_suffix("").parts)))
        left += [f"{path.stem}.{name}" for name in outer_kernels(path) if not getattr(module, name).signatures]
    assert left == []
