"""The table of contents of the package: which names are public, and that importing them is quick and silent."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import ggu_costs

NAMES = {
    "errors": "GguCostsError InfeasibleError InputError MissingInputError ModelFileError OutputError "
    "OutsidePeriodError UnknownNameError",
    "catalogue": "list_models open_ballot open_case open_fee open_fund open_grant open_model open_programme",
    "reference": "Groups Reference carry groups inhabitants_on members municipalities positions read_cbs read_labels "
    "read_table regions",
    "money": "largest_remainder",
    "allocation": "Allocation Tariff allocate average_cost fixed_plus_variable mixture price_times_quantity "
    "round_table serial tariff",
    "games": "CostGame Fixed PerParticipant Regional ServiceLevels VolumeTiers core_check ensc least_core nucleolus "
    "owen scrb shapley weighted_shapley",
    "fund": "compare redistribution",
    "impact": "load_result",
    "ballot": "Ballot read_result weighted_effects",
    "verification": "verify",
}
"""Room -> its public names. A name goes in here on purpose, or not at all."""

SOURCE = Path(ggu_costs.__file__).parent
LAZY = [file for file in sorted(SOURCE.rglob("__init__.py")) if "= lazy_names(" in file.read_text(encoding="utf-8")]
"""The packages that load their names on first use."""

HEAVY = ("numpy", "pandas", "numba", "scipy", "pydantic", "matplotlib", "typer", "tqdm")


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter with warnings as errors."""
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))


def test_the_set_of_public_names() -> None:
    assert set(ggu_costs.__all__) == {name for names in NAMES.values() for name in names.split()}
    assert len(ggu_costs.__all__) <= 60
    assert ggu_costs.__all__ == sorted(ggu_costs.__all__)


@pytest.mark.parametrize("name", ggu_costs.__all__)
def test_every_public_name_is_there_with_a_docstring(name: str) -> None:
    public = getattr(ggu_costs, name)
    assert inspect.getdoc(public)
    assert name in dir(ggu_costs)
    assert name in vars(ggu_costs)  # looked up once


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'ggu_costs' has no attribute 'shaply'"):
        _ = ggu_costs.shaply
    assert "__version__" in dir(ggu_costs)


def test_importing_loads_nothing_heavy_prints_and_warns_nothing() -> None:
    done = python(f"import sys, ggu_costs; print([name for name in {HEAVY} if name in sys.modules])")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_errors_come_without_numpy() -> None:
    code = "import sys; from ggu_costs import GguCostsError; assert 'numpy' not in sys.modules"
    assert python(code).returncode == 0


def test_the_command_line_starts_without_numpy_pandas_and_the_compiler() -> None:
    code = (
        "import sys; import ggu_costs.cli; "
        "print([name for name in ('numpy', 'pandas', 'numba', 'matplotlib', 'xlsxwriter') if name in sys.modules])"
    )
    done = python(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_the_money_path_of_a_bill_needs_neither_numba_nor_scipy() -> None:
    code = (
        "import sys, ggu_costs; ggu_costs.open_model('funds/ggu/2020').contributions().to_frame(); "
        "print([name for name in ('numba', 'scipy') if name in sys.modules])"
    )
    done = python(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.parametrize("file", LAZY, ids=lambda file: file.parent.name)
def test_type_checkers_see_the_names_that_are_loaded(file: Path) -> None:
    (choice,) = (node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.If))
    assert ast.unparse(choice.test) == "TYPE_CHECKING"
    seen = {
        f"{node.module}.{alias.name}"
        for node in choice.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name  # only so is it public to a type checker
    }
    assert len(seen) == len(choice.body)
    (call,) = (node for node in ast.walk(choice.orelse[0]) if isinstance(node, ast.Call))
    homes = ast.literal_eval(call.args[1])
    modules = " ".join(ast.literal_eval(keyword.value) for keyword in call.keywords).split()
    listed = [f"ggu_costs.{home}.{name}" for home, names in homes.items() for name in names.split()]
    assert seen == {*listed, *(f"ggu_costs.{module}" for module in modules)}
    package = import_module(".".join(("ggu_costs", *file.parent.relative_to(SOURCE).parts)))
    assert package.__all__ == sorted(path.rpartition(".")[2] for path in seen)
    for path in seen:
        home, _, name = path.rpartition(".")
        public = getattr(package, name)
        assert public is (import_module(path) if inspect.ismodule(public) else getattr(import_module(home), name))


def test_a_name_shared_by_a_module_and_what_it_holds_is_the_latter() -> None:
    code = "import ggu_costs.fund.compare; from ggu_costs import compare, fund; assert compare is fund.compare; "
    done = python(code + "print(type(compare).__name__, type(fund.redistribution).__name__)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "function function\n", "")
