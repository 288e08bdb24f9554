"""What all tests share: models to open and change, and kernels compiled once, while workers read the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fund_files import FEE, FUND, changed
from oracles import procurement

import ggu_costs as ggu
from ggu_costs.procurement import ProcurementCase

Make = Callable[..., Any]

# Processes that tests start find the tests too; at the end, so that the installed library comes first.
sys.path.append(str(Path(__file__).parents[1]))


WARMING = pytest.StashKey["subprocess.Popen[bytes]"]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin to fill the cache of kernels, for the workers that are started next."""
    workers = config.getoption("numprocesses", default=None)
    if workers and not hasattr(config, "workerinput") and os.environ.get("NUMBA_DISABLE_JIT", "0") == "0":
        command = [sys.executable, "-c", "from ggu_costs.warmup import warm_up; warm_up()"]
        config.stash[WARMING] = subprocess.Popen(command)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Let no test begin before the cache is full, so that no kernel is compiled twice."""
    warming = node.config.stash.get(WARMING, None)
    if warming and warming.wait():
        pytest.exit("the kernels do not compile", returncode=1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep tests of one file together, since they share what they open; who is done takes over what is left."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


@pytest.fixture
def make_fund() -> Make:
    """Open the small fund with changes at dotted keys."""

    def make(changes: dict[str, Any] | None = None, data: dict[str, Any] | None = None) -> Any:
        return ggu.open_model(changed(FUND, changes or {}), data)

    return make


@pytest.fixture
def make_fee() -> Make:
    """Open the small fee with changes at dotted keys."""

    def make(changes: dict[str, Any] | None = None) -> Any:
        return ggu.open_model(changed(FEE, changes or {}))

    return make


@pytest.fixture(scope="session")
def ggu_2020() -> Any:
    """The fund of 2020 as shipped."""
    return ggu.open_model("funds/ggu/2020")


@pytest.fixture(scope="session")
def portfolio() -> Any:
    """The shipped example with three parts, five years, a reserve and half-yearly figures."""
    return ggu.open_model("funds/example-portfolio")


@pytest.fixture
def tables() -> dict[str, Any]:
    """The small procurement case as tables that a test may change."""
    return procurement.small()


@pytest.fixture
def case() -> ProcurementCase:
    """The small procurement case."""
    return procurement.open_case(procurement.small())
