"""Rules that the source itself keeps: kernels, model files, texts."""

from __future__ import annotations

import ast
import builtins
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ggu_costs
from ggu_costs import _jit
from ggu_costs.catalogue import load_model, model_files

PACKAGE = Path(ggu_costs.__file__).parent
ROOT = Path(__file__).parents[1]
MODULES = sorted(PACKAGE.rglob("*.py"))
KERNELS = [path for path in MODULES if re.fullmatch(r"_(\w+_)?kernels\.py", path.name)]
TEXTS = sorted(
    path
    for folder in ("ggu_costs", "models", "tests", "examples", "benchmarks", "changelog.d")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".toml", ".md", ".csv", ".json", ".ipynb", ".html"} and "__pycache__" not in path.parts
) + sorted(path for path in ROOT.glob("*") if path.suffix in {".md", ".toml"})


def kernel_decorators(source: str) -> set[str]:
    """Functions of _jit that turn another function into machine code: those that end in numba's own decorator."""
    tree = ast.parse(source)
    compiling = {"_NJIT"}
    while True:  # decorators may call one another
        reached = {
            function.name for function in functions(tree)
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in compiling
        }  # fmt: skip
        if reached <= compiling:
            return {name for name in compiling if not name.startswith("_")}
        compiling |= reached


JIT = (PACKAGE / "_jit.py").read_text(encoding="utf-8")
FLAGS = {"wide", "inlined", "fma"}  # intrinsics of _jit: they become instructions, not calls


def is_kernel(function: ast.FunctionDef) -> bool:
    return any(isinstance(item, ast.Name) and item.id in DECORATORS for item in function.decorator_list)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


DECORATORS = kernel_decorators(JIT)


def strange_calls(source: str) -> list[str]:
    """Calls in kernels to what is neither a kernel of the same file, numpy, math, a builtin, nor a value's method."""
    tree = ast.parse(source)
    names = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
             for alias in node.names} - {"np", "math"}  # fmt: skip
    own = {function.name for function in functions(tree) if is_kernel(function)} | FLAGS
    found = []
    for function in functions(tree):
        if not is_kernel(function):
            continue
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            root: ast.expr = call.func
            while isinstance(root, ast.Attribute):
                root = root.value
            name = root.id if isinstance(root, ast.Name) else ""
            builtin = hasattr(builtins, name) and name not in {"eval", "exec"}
            method = isinstance(call.func, ast.Attribute) and name not in names
            if not (method or name in own or builtin):
                found.append(f"{function.name}: {ast.unparse(call.func)}")
    return found


def imported(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
    return found


def test_the_check_of_kernels_finds_what_it_should() -> None:
    source = """
from ggu_costs.allocation import other
@kernel
def helper(a): return np.sum(a)
def plain(a): return a
@kernel
def outer(rows, rng):
    helper(rows); len(rows); rng.random(); rows[0].sum(); np.linalg.norm(rows)
    plain(rows); other.helper(rows); elsewhere(rows)
"""
    assert strange_calls(source) == ["outer: plain", "outer: other.helper", "outer: elsewhere"]
    for decorator in ("lean_kernel", "part"):
        planted = source.replace("@kernel", f"@{decorator}")
        assert strange_calls(planted) == ["outer: plain", "outer: other.helper", "outer: elsewhere"]


def test_every_decorator_that_makes_a_kernel_is_known() -> None:
    assert {"kernel", "lean_kernel", "part"} == DECORATORS
    assert set(vars(_jit)) >= FLAGS
    added = "\n\ndef another(function):\n    return lean_kernel(function)\n"
    assert kernel_decorators(JIT + added) == DECORATORS | {"another"}


def test_every_kernel_of_the_package_is_looked_at() -> None:
    """A file of kernels without any would pass every rule unseen."""
    for path in KERNELS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert [function.name for function in functions(tree) if not is_kernel(function)] in ([], ["_roots"]), path
        assert any(is_kernel(function) for function in functions(tree)), path


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_cached_kernel_calls_kernels_of_its_own_file_only(path: Path) -> None:
    """The cache on disk does not see changes in another file."""
    source = path.read_text(encoding="utf-8")
    assert strange_calls(source) == []
    assert imported(source) <= {
        "__future__",
        "math",
        "typing",
        "numpy",
        "numpy.typing",
        "ggu_costs._jit",
        "ggu_costs.typing",
    }


def test_kernels_stand_in_files_of_their_own_and_flags_in_one_place() -> None:
    assert {path.parent.name for path in KERNELS} >= {"allocation"}
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        if path not in KERNELS:
            assert not [function.name for function in functions(ast.parse(source)) if is_kernel(function)], path
        if path.name != "_jit.py":
            assert not [name for name in imported(source) if name.partition(".")[0] == "numba"], path


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_texts_end_in_a_newline_and_name_no_place_on_one_machine(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    assert not text or text.endswith("\n")
    places = re.findall(r"(?<![\w.:/])/(?:work|home|Users|root|tmp|opt|mnt)/\w+|\b[A-Z]:\\\\?Users", text)
    assert places == []


@pytest.mark.parametrize("name", sorted(model_files()))
def test_every_shipped_model_loads_from_its_place_with_its_sources(name: str) -> None:
    path = model_files()[name]
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    assert file["id"] == name
    definition = load_model(name).definition
    assert definition.sources
    for source in definition.sources.values():
        assert source.url.startswith("https://") or source.publisher
    used = {value.source for _, value in definition.values()} - {""}
    assert used <= definition.sources.keys()


def too_long(lengths: dict[str, int], limit: int = 420) -> dict[str, int]:
    return {path: lines for path, lines in lengths.items() if lines > limit}


def test_no_module_is_longer_than_one_reading() -> None:
    """Some 400 lines; by path, as files of one name in two rooms are two files."""
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if path not in KERNELS
    }
    assert len(lengths) == len(MODULES) - len(KERNELS)
    assert too_long({"a/model.py": 401, "b/model.py": 400}, 400) == {"a/model.py": 401}
    assert too_long(lengths) == {}
