"""Fixtures of the procurement tests."""

from __future__ import annotations

from typing import Any

import pytest
from oracles.procurement import open_case, small

from ggu_costs.procurement import ProcurementCase


@pytest.fixture
def tables() -> dict[str, Any]:
    """The small case as tables that a test may change."""
    return small()


@pytest.fixture
def case() -> ProcurementCase:
    """The small case."""
    return open_case(small())
