"""Shipped models and what they say, made once for all tests of a process; none may change what it is given."""

from __future__ import annotations

from functools import cache
from typing import Any

from ggu_costs.catalogue import open_model
from ggu_costs.display.report import Report
from ggu_costs.report.dossier import dossier


@cache
def opened(name: str) -> Any:
    """A shipped model as it stands."""
    return open_model(name)


@cache
def report_of(name: str, municipality: str | None = None) -> Report:
    """What it reports, of all or as the note of one."""
    return opened(name).report(municipality)


@cache
def dossier_of(name: str, municipality: str | None = None) -> Report:
    """What a run of it writes."""
    return dossier(opened(name), municipality=municipality)
