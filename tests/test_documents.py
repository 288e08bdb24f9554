"""Every example that a reader sees runs: README, docs, docstrings, scripts, notebooks. What texts name is there."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
import runpy
import shlex
from pathlib import Path

import pytest
from cases import EVERY_MODEL
from typer.testing import CliRunner

import ggu_costs
from ggu_costs.cli import app

ROOT = Path(__file__).parents[1]
PACKAGE = Path(ggu_costs.__file__).parent
MADE = ROOT / "docs/reference/made"
"""Pages that are made from code when the site is built."""
TEXTS = [path for path in sorted((ROOT / "docs").rglob("*.md")) if MADE not in path.parents] + [
    ROOT / "CONTRIBUTING.md"
]
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(ggu_costs.__path__, "ggu_costs.")
    if not module.name.rpartition(".")[2].endswith("_kernels")
)


def test_there_are_examples() -> None:
    assert len(SCRIPTS) >= 2
    assert len(MODULES) > 30


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


BLOCK = re.compile(r"^```([^\n`]*)\n(?::caption: (\S+)\n\n)?(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A block of a page: what stands behind the fence, the file it stands for, and what it says."""
DIRECTIVES = ("{toctree}", "{eval-rst}", "{glossary}", "{include}", "{figure}")
"""Blocks that the site is made with, which show no code."""
COMMANDS = CliRunner()
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_commands(text: str) -> list[str]:
    """Run the commands of a console block; return what came instead of what it shows.

    A command may end with ``# exit code N``; what is shown below it may leave out the rest with ``...``, and nothing
    shown is nothing said of it.
    """
    wrong = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = re.sub(r" \\\n\s*", " ", part).partition("\n")
        words, _, code = command.partition("  # exit code ")
        name, *arguments = shlex.split(words)
        assert name == "ggu-costs", command
        done = COMMANDS.invoke(app, arguments)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        fits = not shown.strip() or doctest.OutputChecker().check_output(shown, done.output, FLAGS)
        if done.exit_code != int(code or 0) or not fits:
            wrong.append(f"$ {command}\n{done.output}[exit code {done.exit_code}]")
    return wrong


def run_page(text: str, name: str) -> list[str]:
    """Run the blocks of a page in the order in which they stand, in the folder one is in; return what went wrong."""
    wrong: list[str] = []
    facts: dict[str, object] = {}
    for kind, file, body in BLOCK.findall(text):
        if kind.partition(" ")[0] in DIRECTIVES:
            continue
        if file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text(body.lstrip("\n"), encoding="utf-8")
        elif kind == "python":
            examples = doctest.DocTestParser().get_doctest(body, facts, name, name, 0)
            examples.globs = facts  # what one block defines the next may use
            said: list[str] = []
            doctest.DocTestRunner(optionflags=FLAGS).run(examples, out=said.append, clear_globs=False)
            wrong += said
            if not examples.examples:
                wrong.append(f"a block of Python without an example: {body}")
        elif kind == "console":
            wrong += run_commands(body)
        else:
            wrong.append(f"a block that nothing runs: {kind} {body[:80]}")
    return wrong


def site_pages() -> list[Path]:
    """Pages of the site that users read; those on the house hold trees and fragments, and what .ci/run does."""
    house = (ROOT / "CONTRIBUTING.md", ROOT / "docs/architecture.md", ROOT / "docs/decisions")
    return [path for path in TEXTS if not any(path == one or one in path.parents for one in house)]


@pytest.mark.compiled  # they simulate, and solve games
@pytest.mark.parametrize("path", site_pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_of_a_page_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(">>> ") == sum(body.count(">>> ") for kind, _, body in BLOCK.findall(text) if kind == "python")
    monkeypatch.chdir(tmp_path)
    wrong = run_page(text, path.name)
    assert not wrong, "\n".join(wrong)


def test_what_runs_a_page_finds_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (
        "```python\n>>> 1 + 1\n3\n```\n\n```console\n$ ggu-costs --version\n9.9\n```\n\n```sh\nrm -rf out\n```\n\n"
        "```{code-block} toml\n:caption: own/faulty.toml\n\nschema = 2\n```\n\n```console\n$ ggu-costs check own\n```\n"
    )
    wrong = run_page(page, "page")
    assert [re.findall(r"Got:\n +2|--version|nothing runs|exit code 1", said)[-1:] for said in wrong] == [
        ["Got:\n    2"], ["--version"], ["nothing runs"], ["exit code 1"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "least"),
    [
        pytest.param("README.md", 10, marks=pytest.mark.compiled),  # it solves games of 342 players
        ("docs/architecture.md", 5),
    ],
)
def test_examples_of_texts(name: str, least: int) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    source = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
    assert text.count(">>> ") == source.count(">>> ")
    examples = doctest.DocTestParser().get_doctest(source, {}, name, name, 0)
    assert len(examples.examples) > least
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


def names_in(file: Path) -> set[str]:
    """Return what a module defines, its methods and named values included."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return defined | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def lacking(text: str) -> list[str]:
    """Return the files and names, written as ``room/file.py`` or ``room/file.py: name``, that do not exist.

    A file is named from the root of the repository, from the package, or by its name alone. NAME, YEAR and ID stand for
    what a reader fills in.
    """
    found = []
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for said in re.findall(r"`([^`\n]+)`", re.sub(r"(?<!\n)\n(?!\n) *", " ", prose)):  # a paragraph in one line
        path, _, name = said.partition(": ")
        if not re.fullmatch(r"\.?[\w./*-]+", path) or re.search(r"\b(NAME|YEAR|ID)\b|_YEAR", path):
            continue
        if not (path.endswith((".py", ".toml", ".md")) or "/" in path):
            continue
        bare = path.rstrip("/")
        roots = (ROOT, PACKAGE, ROOT / "models")
        files = [file for root in roots for file in ([root / bare] if "*" not in bare else root.glob(bare))]
        if "/" not in bare:
            files += PACKAGE.rglob(bare)
        files = [file for file in files if file.exists() or file.with_suffix(".toml").exists()]
        defined = name.partition("(")[0].rpartition(".")[2]
        if not files or (name and not any(defined in names_in(file) for file in files)):
            found.append(said)
    return found


def test_the_check_of_names_finds_what_it_should() -> None:
    text = (
        "`fund/nothing.py`, `fund/terms.py: nothing`, `tests/oracles/none/`, `nothing.py`, `docs/*.txt`; but "
        "`fund/terms.py: amounts`, `tests/oracles/`, `terms.py`, `docs/*.md`, `NAME.expected.csv`, `a - b`, `net`\n"
    )
    wrong = ["fund/nothing.py", "fund/terms.py: nothing", "tests/oracles/none/", "nothing.py", "docs/*.txt"]
    assert lacking(text) == wrong


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_names_that_texts_mention_exist(path: Path) -> None:
    assert lacking(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_texts_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    here = {link: (path.parent / link).resolve() for link in links if "://" not in link}
    assert [link for link, file in here.items() if not file.exists() and MADE not in file.parents] == []


def test_no_file_chooses_by_language() -> None:
    """A language is one file of words: whoever adds one has to know of no other place."""
    choosing = re.compile(r'lang [!=]= "|"nl": ')
    files = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")
             if choosing.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert files == []


def test_the_tree_of_the_house_names_every_file() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    tree = re.search(r"## The tree.*?```\n(.*?)```", text, flags=re.DOTALL)
    assert tree is not None
    listed, room = set(), ""
    for line in tree[1].splitlines():
        if not line.startswith(" "):
            room = line.split()[0].removeprefix("ggu_costs/")
            continue
        folder = ""
        for word in line.split():
            if word.endswith("/") and not folder:
                folder = word
            elif word.endswith(".py"):
                listed.add(f"{room}{folder}{word}")
            else:
                break
    there = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"}
    assert sorted(listed ^ there) == []  # these are in one of the two only


@pytest.mark.compiled  # at full size: days without the compiler
@pytest.mark.parametrize("path", SCRIPTS if EVERY_MODEL else SCRIPTS[:-1], ids=lambda path: path.stem)
def test_script_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(path))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_notebook_is_made_from_its_script(path: Path) -> None:
    jupytext = pytest.importorskip("jupytext")
    made, kept = jupytext.read(path), jupytext.read(path.with_suffix(".ipynb"))
    assert [(cell.cell_type, cell.source) for cell in kept.cells] == [
        (cell.cell_type, cell.source) for cell in made.cells
    ]
    assert not any(cell.get("outputs") for cell in kept.cells), "keep notebooks without outputs"


@pytest.mark.compiled
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", SCRIPTS if EVERY_MODEL else SCRIPTS[-1:], ids=lambda path: path.stem)
def test_notebook_runs(path: Path, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(path.with_suffix(".ipynb"), as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
