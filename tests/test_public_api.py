"""The table of contents of the package: which names are public, and that importing them is quick and silent."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys

import pytest

import ggu_costs

NAMES = {
    "errors": "GguCostsError InfeasibleError InputError MissingInputError ModelFileError OutputError "
    "OutsidePeriodError UnknownNameError",
    "catalogue": "list_models open_model",
    "reference": "Groups carry groups inhabitants_on members municipalities positions read_cbs read_labels read_table "
    "regions",
    "money": "largest_remainder",
    "allocation": "Allocation Tariff allocate average_cost fixed_plus_variable mixture price_times_quantity "
    "round_table serial tariff",
    "games": "CostGame Fixed PerParticipant Regional ServiceLevels VolumeTiers core_check ensc least_core nucleolus "
    "owen scrb shapley weighted_shapley",
    "fund": "compare redistribution",
    "ballot": "Ballot read_result weighted_effects",
}
"""Room -> its public names. A name goes in here on purpose, or not at all."""

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
