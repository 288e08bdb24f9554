"""What holds for every test: the kernels are compiled once, before workers start that would each compile them."""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Fill the cache of kernels in the process that starts the workers."""
    workers = config.getoption("numprocesses", default=None)
    if workers and not hasattr(config, "workerinput") and os.environ.get("NUMBA_DISABLE_JIT", "0") == "0":
        from ggu_costs.warmup import warm_up

        warm_up()
