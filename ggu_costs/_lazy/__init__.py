"""Names of a package that are loaded on first use, so that importing the package is quick and has no side effects.

A package that does so says the same twice: imports under ``TYPE_CHECKING``, which type checkers and the contract on
imports read, and a table for the interpreter. A test holds them equal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType

__all__ = ["lazy_names"]


def lazy_names(
    package: str, homes: Mapping[str, str], *, modules: str = ""
) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package.

    Parameters
    ----------
    package
        Name of the package, ``__name__``.
    homes
        Module, as written after ``ggu_costs.``, to the names it holds with spaces between them.
    modules
        Modules that are public themselves, written likewise.
    """
    home_of = {name: f"ggu_costs.{home}" for home, names in homes.items() for name in names.split()}
    module_of = {path.rpartition(".")[2]: f"ggu_costs.{path}" for path in modules.split()}
    public = sorted([*home_of, *module_of])
    shared = {name for name, home in home_of.items() if home == f"{package}.{name}"}

    def load(name: str) -> object:
        if name not in public:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home_of[name]), name) if name in home_of else import_module(module_of[name])
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *public})

    class Package(ModuleType):
        """A package in which a name shared by a module and what it holds stands for the latter."""

        def __setattr__(self, name: str, value: object) -> None:
            if name in shared and isinstance(value, ModuleType):  # the import of a module puts it in its package
                value = getattr(value, name)
            super().__setattr__(name, value)

    if shared:
        sys.modules[package].__class__ = Package
    return load, names, public
