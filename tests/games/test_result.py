"""Results: frozen, labelled, hostile names kept as text, and able to account for themselves."""

import dataclasses

import numpy as np
import pytest

from ggu_costs.errors import InputError
from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import Fixed, PerParticipant
from ggu_costs.games.values import shapley


@pytest.fixture
def result():
    players = {"GM0363": "<b>Amsterdam</b>", "GM0344": "=Utrecht"}
    return shapley(CostGame.from_pools(players, [Fixed(100), PerParticipant([10, 20])]))


def test_frame(result):
    frame = result.to_frame()
    assert frame.index.name == "code"
    assert list(frame.columns) == ["name", "share", "alone", "saving"]
    assert frame.loc["GM0344"].tolist() == ["=Utrecht", 70.0, 120.0, 50.0]
    assert frame.attrs["units"] == dict.fromkeys(["share", "alone", "saving"], "EUR")
    plain = shapley(CostGame.from_savings([0, 1, 2, 5], ["a", "b"])).to_frame()
    assert plain.index.name == "player"
    assert list(plain.columns) == ["payoff", "alone", "gain"]
    assert plain["gain"].tolist() == [1, 1]


def test_frozen(result):
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.rule = "other"
    with pytest.raises(ValueError, match="read-only"):
        result.values[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        result.parts["pool 1 (fixed)"][0] = 1.0


def test_html_keeps_names_as_text(result):
    page = result._repr_html_()
    assert "&lt;b&gt;Amsterdam" in page
    assert page.count("<b>") == 1  # of the title, which the table itself writes


def test_explain(result):
    assert result.explain("GM0363").splitlines() == [
        "<b>Amsterdam</b>",
        "  alone: EUR 110.00",
        "  added to all others together: EUR 10.00",
        "  share in pool 1 (fixed): EUR 50.00",
        "  share in pool 2 (per participant): EUR 10.00",
        "  shapley: EUR 60.00",
    ]
    with pytest.raises(InputError, match="no player 'GM9999'"):
        result.explain("GM9999")


def test_provenance_and_text(result):
    assert result.provenance["rule"] == "shapley"
    assert result.provenance["game_sha256"] == result.game.digest()
    assert str(result.provenance["library"]).startswith("ggu_costs ")
    assert repr(result) == "<shapley of cost game: <b>Amsterdam</b>: 60.00, =Utrecht: 70.00>"
    many = shapley(CostGame.from_pools([str(i) for i in range(8)], [Fixed(8)]))
    assert repr(many).endswith("5: 1.00, ...>")
    np.testing.assert_array_equal(many.players, [str(i) for i in range(8)])
