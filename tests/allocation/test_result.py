"""The result: frozen, labelled, each line with method, metric and ratio."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from ggu_costs import InputError, UnknownNameError
from ggu_costs.allocation import allocate

KEY = pd.Series([100, 300], index=["GM0005", "GM0003"], name="inhabitants")


def test_every_line_says_how() -> None:
    shared = allocate(100, KEY)
    frame = shared.to_frame()
    assert frame.index.name == "code"
    assert frame.loc["GM0003"].tolist() == [75.0, 300.0, 0.75, "inhabitants", "proportional"]
    assert frame.columns.tolist() == ["amount", "key", "ratio", "metric", "method"]
    assert frame.attrs["units"] == {"amount": "EUR", "ratio": "share"}
    assert KEY.index.name is None
    assert allocate(9, [1, 2], rule="equal").to_frame()["ratio"].tolist() == [0.5, 0.5]
    assert allocate(0, [0, 0], rule="cea").to_frame()["ratio"].tolist() == [0, 0]
    assert allocate(9, [1, 2]).to_frame().index.name == "position"
    assert shared.provenance == {"rule": "proportional", "metric": "inhabitants", "cents": True}


def test_scenarios_as_a_frame() -> None:
    frame = allocate([4.0, 8.0], KEY).to_frame()
    assert frame.loc[1, "GM0003"] == 6
    assert (frame.index.name, frame.attrs["method"]) == ("draw", "proportional")
    pools = allocate([[4.0, 8.0]], KEY).to_frame()
    assert pools.loc[(0, 1), "GM0005"] == 2
    assert pools.index.names == ["draw", "pool"]


def test_frozen() -> None:
    shared = allocate(100, KEY)
    with pytest.raises(FrozenInstanceError):
        shared.rule = "equal"
    with pytest.raises(ValueError, match="read-only"):
        shared.values[0] = 1


def test_explain_gives_the_steps() -> None:
    text = allocate(100.01, KEY, minimum=25.00, maximum=80).explain("GM0003")
    assert "key         300 of 400 (inhabitants)" in text
    assert "quota       75.007500 euro of 100.01 euro" in text
    assert "share       75.01 euro, in whole cents by largest remainder" in text
    assert "minimum     25.00 euro\n" in text
    held = allocate(100, KEY, maximum=70).explain("GM0003")
    assert "maximum     70.00 euro; holds the share" in held
    claims = allocate(10, [10, 30], rule="cel", cents=False).explain(1)
    assert "claim       30.00 euro; 10.00 euro to share by cel" in claims
    assert "share       10.0 euro, not rounded" in claims


def test_explain_refuses_what_it_cannot_explain() -> None:
    with pytest.raises(UnknownNameError, match="GM0014"):
        allocate(100, KEY).explain("GM0014")
    with pytest.raises(UnknownNameError, match="unknown participant '2'"):
        allocate(100, [1, 2]).explain(2)
    with pytest.raises(InputError, match="2 scenarios"):
        allocate(np.array([1.0, 2.0]), KEY).explain("GM0003")


def test_markup_in_a_code_stays_text() -> None:
    shared = allocate(1, pd.Series([1.0], index=["XX:<b>bold</b>"]))
    assert "&lt;b&gt;" in shared._repr_html_()
