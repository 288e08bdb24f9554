"""Rules that the source itself keeps: kernels, model files, texts."""

from __future__ import annotations

import ast
import builtins
import re
import tomllib
from collections.abc import Callable, Iterator
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
    for folder in ("ggu_costs", "models", "tests", "examples", "benchmarks", "changelog.d", "docs", "tools")
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
    made = [item.func if isinstance(item, ast.Call) else item for item in function.decorator_list]
    return any((getattr(item, "id", "") or getattr(item, "attr", "")) in DECORATORS for item in made)


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
    assert {"kernel", "lean_kernel", "part", "adding_up"} == DECORATORS
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


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_names_are_imported_by_name_only_where_the_contract_on_imports_sees_them(path: Path) -> None:
    """import-linter does not see import_module; a package that uses it says the same under TYPE_CHECKING."""
    assert path.name == "__init__.py" or "import_module" not in path.read_text(encoding="utf-8")


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


def too_long(lengths: dict[str, int], limit: int = 400) -> dict[str, int]:
    return {path: lines for path, lines in lengths.items() if lines > limit}


def test_no_module_is_longer_than_one_reading() -> None:
    """At most 400 lines; by path, as files of one name in two rooms are two files."""
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if path not in KERNELS
    }
    assert len(lengths) == len(MODULES) - len(KERNELS)
    assert too_long({"a/model.py": 401, "b/model.py": 400}) == {"a/model.py": 401}
    assert too_long(lengths) == {}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


PROSE = {"note", "notes", "title", "provenance"}
READS = {
    "startswith", "endswith", "split", "rsplit", "splitlines", "partition", "rpartition", "replace", "removeprefix",
    "removesuffix", "find", "index", "count", "search", "match", "fullmatch", "findall", "finditer", "sub", "get",
    "pop",
}  # fmt: skip


def names_given(tree: ast.AST, told: Callable[[ast.AST], bool]) -> set[str]:
    """Names assigned from what `told` finds, or one of it in a loop."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and told(node.value):
            targets = node.targets
        elif isinstance(node, ast.For | ast.comprehension) and told(node.iter):
            targets = [node.target]
        else:
            continue
        found |= {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
    return found


def is_prose(node: ast.AST) -> bool:
    """Whether an expression is, by its name or key, a text for people or the account of a result, or a part of one."""
    while isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Constant) and node.slice.value in PROSE:
            return True
        node = node.value
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) in PROSE


def readings_of_prose(source: str) -> list[str]:
    """Return where notes, titles or provenance are compared, searched or split, under whatever name."""
    tree = ast.parse(source)
    found: dict[str, None] = {}
    for scope in [*functions(tree), tree]:
        names = names_given(scope, is_prose)

        def prose(node: ast.AST, names: set[str] = names) -> bool:
            return any(is_prose(inner) or getattr(inner, "id", "") in names for inner in ast.walk(node))

        for node in ast.walk(scope):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                nothing = any(isinstance(side, ast.Constant) and side.value is None for side in sides)
                read = not nothing and any(map(prose, sides))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READS:
                read = prose(node.func.value) or any(map(prose, node.args))
            elif isinstance(node, ast.Match):
                read = prose(node.subject)
            elif isinstance(node, ast.Subscript):
                value = node.value
                account = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
                read = account == "provenance" and isinstance(node.ctx, ast.Load)
            else:
                continue
            if read:
                found[f"{node.lineno}: {ast.unparse(node)}"] = None
    return list(found)


@pytest.mark.parametrize(
    "fault",
    [
        "INDICATIVE in self.notes", "'a' not in notes", "result.notes[:1] == (ASSUMED,)", "note == other",
        "x != table.title",
        "note.startswith('Verdeling ')", "title.split(': ')", "self.title.removeprefix('x')", "pattern.search(note)",
        "re.match('x', result.title)", "float(self.provenance['tolerance'])", "result.provenance.get('second_shape')",
        "notes.index('x')", "[note for note in notes if note not in said]",
        "any('x' in line for line in result.notes)", "said = result.notes; 'x' in said",
        "text = self.title; text == 'a'",
        "for line in notes:\n    if 'x' in line: pass", "result.title.lower() == 'x'", "provenance.pop('x')",
        "re.match('x', str(result.title))", "match result.title:\n    case 'x': pass", "'a' in stated['notes']",
        "def f(result):\n    said = result.notes\n    return 'x' in said",
    ],
)  # fmt: skip
def test_the_check_of_prose_finds_what_it_should(fault: str) -> None:
    assert len(readings_of_prose(fault)) == 1


@pytest.mark.parametrize(
    "writing",
    [
        "notes = (*self.notes, f'Inclusief {settlement.title}.')", "title is not None", "title or self.title",
        "provenance = {**self.provenance, 'cap': cap}", "dict.fromkeys(notes)", "[f'{note}.' for note in notes]",
        "provenance['year'] = 2020", "replace(result, notes=())", "if notes: pass", "notes.append('x')",
        "x.notes_beyond(said)", "name in table.notes_of",
    ],
)  # fmt: skip
def test_the_check_of_prose_lets_writing_through(writing: str) -> None:
    assert readings_of_prose(writing) == []


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name not in ("drawn", "display", "words")], ids=named)
def test_nobody_reads_what_is_written_for_people(path: Path) -> None:
    assert readings_of_prose(path.read_text(encoding="utf-8")) == []


MUTATORS = {
    "update", "setdefault", "pop", "popitem", "clear", "append", "extend", "insert", "remove", "sort", "reverse",
    "__setitem__",
}  # fmt: skip


def facts_written(source: str) -> list[str]:
    """Return where the facts of a frame are written, or changed in place, under whatever name."""
    tree = ast.parse(source)
    names = names_given(tree, lambda node: isinstance(node, ast.Attribute) and node.attr == "attrs")

    def is_facts(node: ast.AST) -> bool:
        while True:
            if isinstance(node, ast.Subscript):
                node = node.value
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("get", "setdefault")
            ):
                node = node.func.value
            else:
                return getattr(node, "attr", "") in ("attrs", "_attrs") or getattr(node, "id", "") in names

    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript):
            written = not isinstance(node.ctx, ast.Load) and is_facts(node)
        elif isinstance(node, ast.Call):
            named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            by_name = any(isinstance(item, ast.Constant) and item.value == "attrs" for item in node.args)
            written = (named in MUTATORS and is_facts(getattr(node.func, "value", node))) or (
                named in ("setattr", "__setattr__") and by_name
            )
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            written = node.target.id in names
        else:
            continue
        if written:
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize(
    "fault",
    [
        "frame.attrs = {}", "frame.attrs['units'] = {}", "frame.attrs['units']['fee'] = 'EUR'", "x.attrs |= {'a': 1}",
        "frame.attrs.update(title='T')", "frame.attrs['notes'].append('x')", "del frame.attrs['title']",
        "a.attrs: dict = {}", "facts = frame.attrs; facts['x'] = 1", "frame.attrs, b = {}, 1",
        "setattr(a, 'attrs', {})",
        "object.__setattr__(frame, 'attrs', {})", "frame.attrs.get('notes', []).append('x')",
        "frame.attrs['pm'].sort()",
    ],
)  # fmt: skip
def test_the_check_of_facts_finds_what_it_should(fault: str) -> None:
    assert len(facts_written(fault)) == 1


@pytest.mark.parametrize(
    "reading", ["x = frame.attrs['units']", "frame.attrs.get('pm')", "{**frame.attrs}", "attrs = {}"]
)
def test_the_check_of_facts_lets_reading_through(reading: str) -> None:
    assert facts_written(reading) == []


@pytest.mark.parametrize("path", [p for p in MODULES if p.name != "frames.py"], ids=named)
def test_facts_of_frames_are_written_in_one_place(path: Path) -> None:
    assert facts_written(path.read_text(encoding="utf-8")) == []


# the library says nothing by itself


def talk(source: str) -> list[str]:
    """Return where code prints, writes on the streams of the process, or sets up logging for those who import it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        logs = name.startswith("logging.") and not (
            name == "logging.getLogger" and [ast.unparse(argument) for argument in node.args] == ["__name__"]
        )
        streams = name.startswith(("sys.stdout.write", "sys.stderr.write", "sys.__stdout__", "sys.__stderr__"))
        if name in ("print", "pprint", "pprint.pprint") or logs or streams or name.endswith(("addHandler", "setLevel")):
            found.append(f"{node.lineno}: {name}")
    return found


@pytest.mark.parametrize(
    "fault",
    ["print('a')", "logging.info('a')", "logging.basicConfig()", "logging.getLogger()", "logging.getLogger('x')",
     "sys.stdout.write('a')", "log.addHandler(h)", "log.setLevel(1)", "pprint.pprint(a)"],
)  # fmt: skip
def test_the_check_of_talk_finds_what_it_should(fault: str) -> None:
    assert len(talk(fault)) == 1
    assert talk("log = logging.getLogger(__name__)\nlog.info('a')\nwarnings.warn('a')") == []


def test_the_library_prints_nothing_and_sets_up_no_logging() -> None:
    """What it does it logs under its own name, and only the command line writes on a terminal."""
    said = {named(path): talk(path.read_text(encoding="utf-8")) for path in MODULES}
    assert {path: found for path, found in said.items() if found} == {}
