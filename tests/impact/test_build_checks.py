"""What shows only with the figures: drivers out of range, and what the notes then say."""

from __future__ import annotations

import numpy as np
import pytest
from programme_files import EURO, OURS, PEOPLE, amounts, driver, euro, fixed, line, programme

import ggu_costs as ggu
from ggu_costs.errors import InputError
from ggu_costs.impact.in_python import MadeLine, programme_from_function
from ggu_costs.simulation import marginals
from ggu_costs.simulation.correlation import CorrelationWarning
from ggu_costs.simulation.machine.leaves import ModelOverflowError
from ggu_costs.simulation.parts import Correlation, Driver


def test_drivers_that_turn_a_sign_say_why():
    made = driver("x", low=-3, high=1)
    with pytest.raises(
        InputError, match=r"lines.a.factors: 'x' ranges from -3 to 1; allowed: 0 or more, or below_zero"
    ):
        ggu.open_model(programme(line("a", factors=["x"]), drivers=[made])).assembly()
    with pytest.raises(InputError, match=r"lines.a.remainder_of: 'x' ranges from 1 to 3; allowed: 0 to 1"):
        ggu.open_model(programme(line("a", remainder_of=["x"]), drivers=[driver("x")])).assembly()
    with pytest.raises(
        InputError, match=r"lines.a.divided_by: 'x' ranges from 0 to 1; allowed: above 0, or below_zero"
    ):
        ggu.open_model(
            programme(line("a", divided_by=["x"]), drivers=[driver("x", "bernoulli", probability=0.5)])
        ).assembly()
    with pytest.raises(InputError, match=r"lines.a.factors: 'x' ranges from -1 to 2"):
        ggu.open_model(
            programme(line("a", factors=["x"]), drivers=[driver("x", "empirical", values=[2, -1])])
        ).assembly()
    with pytest.raises(InputError, match=r"lines.a.divided_by: 'x' ranges from -2 to -2"):
        ggu.open_model(programme(line("a", divided_by=["x"]), drivers=[fixed("x", -2)])).assembly()
    stated = made | {"below_zero": "de bron rekent met een saldo"}
    model = ggu.open_model(programme(line("a", factors=["x"]), drivers=[stated]))
    assert model.assembly().notes == ("x: kan het teken van een bedrag omkeren (de bron rekent met een saldo).",)
    sure = driver("x", "normal", mean=1, sd=0.2)  # once in 3.5 million draws below 0
    assert ggu.open_model(programme(line("a", factors=["x"]), drivers=[sure])).assembly().terms
    second = driver("x", p10=1, p90=9, second_shape="normal", shape_by="ons")
    with pytest.raises(InputError, match=r"'x' ranges from -9.8"):
        ggu.open_model(programme(line("a", factors=["x"]), drivers=[second])).assembly()
    second = driver("x", p10=0.01, p90=0.02, second_shape="lognormal", lower=50, upper=60)
    with pytest.raises(InputError, match=r"drivers.x.lower: nothing of the distribution"):
        ggu.open_model(programme(line("a", factors=["x"]), drivers=[second])).assembly()
    second = driver("x", "normal", mean=0.5, sd=0.1, lower=1, upper=2, second_shape="uniform")
    with pytest.raises(InputError, match=r"drivers.x.second_shape.lower: nothing of the distribution"):
        ggu.open_model(programme(line("a", factors=["x"]), drivers=[second])).assembly()


def test_an_adoption_curve_rises_and_tells_what_falls_after_the_last_year():
    def curve(midpoint, steepness, **more):
        one = {"constant": midpoint, "unit": "years"} | OURS
        return line("a", adoption={"midpoint": one, "steepness": steepness}, **more)

    slow = {"constant": 1, "unit": "number"} | OURS
    note = "a: van het incidentele bedrag valt 95,3% na 2025 en telt niet mee (de S-curve bij gemiddelde waarden)."
    late = programme(curve(5, slow))
    assert ggu.open_model(late).assembly().notes == (note,)
    assert amounts(late).sum() == pytest.approx(1e6 * (1 - 0.952574), abs=1)
    assert ggu.open_model(programme(curve(5, slow, nature="structural"))).assembly().notes == ()
    assert ggu.open_model(programme(curve(-20, slow))).assembly().notes == ()
    with pytest.raises(InputError, match=r"lines.a.adoption.steepness: down to -3; allowed: above 0"):
        ggu.open_model(programme(curve(5, "x"), drivers=[driver("x", low=-3, high=3)])).assembly()
    sized = {"size": {"coefficient": 1, "reference": 100_000}} | OURS
    with pytest.raises(InputError, match=r"steepness: down to -4"):
        ggu.open_model(programme(curve(5, sized))).assembly()
    sized = {"constant": 6, "unit": "number", "size": {"coefficient": 1, "reference": 100_000}} | OURS
    made = ggu.open_model(programme(curve(2.5, sized)))
    rest = 1 - np.mean(1 / (1 + np.exp(-(6 + np.log(PEOPLE / 1e5)) * -0.5)))
    assert f"valt {100 * rest:.1f}%".replace(".", ",") in made.assembly().notes[0]
    index = {"series": "imoc", "base_year": 2023, "rate": "x"} | OURS
    grown = line("a", index=index, reason="x")
    with pytest.raises(InputError, match=r"lines.a.index.rate: down to -1.5; allowed: above -1"):
        ggu.open_model(programme(grown, drivers=[driver("x", low=-1.5, high=0)])).assembly()


def test_contradicting_correlations_are_in_the_notes():
    ranks = (("x", "y", 0.9), ("y", "z", 0.9), ("x", "z", -0.9))
    pairs = [{"drivers": [a, b], "rank": rank, "unit": "share"} | OURS for a, b, rank in ranks]
    named = [driver(n) | {"name": f"de {n}"} for n in "xyz"]
    model = ggu.open_model(programme(line("a", factors=["x", "y", "z"]), drivers=named, correlations=pairs))
    (note,) = model.assembly().notes
    assert note.startswith("Opgegeven correlaties spreken elkaar tegen")
    assert "de grootste wijziging voorop: de " in note
    assert "de z met de x van -0,900 naar -0,4" in note
    with pytest.warns(CorrelationWarning, match="contradict each other"):
        assert note in model.simulate(draws=2).technique


def test_who_does_the_work_is_checked():
    model = ggu.open_model(programme())
    for threads in (0, 1.5, True):
        with pytest.raises(InputError, match=f"threads: {threads}; allowed: a whole number, 1 or more"):
            model.simulate(threads=threads)
    with pytest.raises(InputError, match=r"executor: a object; allowed: an executor of concurrent.futures"):
        model.simulate(executor=object())
    with pytest.raises(InputError, match=r"resume: a str\nGive the result of an interrupted run"):
        model.simulate(resume="q")


def test_what_is_not_finite_names_the_municipality_and_its_drivers():
    x, y = driver("x", low=300, high=301, unit="number"), driver("y", level="municipality")
    made = line("a", key=None, per="inhabitants", amount=euro(1, unit="EUR/inhabitant"), factors=["y"], exponent="x")
    with pytest.raises(
        ModelOverflowError, match=r"a figure for GM0014 that is not finite in draw 0, .* with x = 30\d"
    ) as caught:
        ggu.open_model(programme(made, drivers=[x, y])).simulate(draws=2)
    assert set(caught.value.drivers) == {"x", "y"}
    assert 1 <= caught.value.drivers["y"] <= 3


def test_contradictions_of_a_programme_made_in_python_are_in_its_notes():
    people = ggu.municipalities(2024)["inhabitants"]
    drivers = [Driver(name, marginals.uniform(1.0, 2.0)) for name in "xyz"]
    wrong = Correlation(("x", "y", "z"), np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
    kind = {"by": "de proef", "inhabitants": people, "map_date": "2024-01-01", "drivers": drivers}
    lines = [MadeLine("a", "a", "cost", "one_off")]

    def outcome(values, frame):
        return {"a": values["x"] * frame["inhabitants"].to_numpy()}

    made = programme_from_function("p", outcome, lines=lines, correlations=[wrong], **kind)
    with pytest.warns(CorrelationWarning):
        assert "z met x van -0,900 naar -0,4" in made.simulate(8, seed=1).technique[-1]


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (None, "the function gave a NoneType, not amounts by line"),
        ({"a": "veel"}, "line 'a': 'veel'; allowed: numbers"),
    ],
)
def test_a_function_gives_amounts(given, match):
    people = ggu.municipalities(2024)["inhabitants"]
    made = programme_from_function(
        "p", lambda values, frame: given, by="de proef", inhabitants=people, map_date="2024-01-01",
        drivers=[Driver("x", marginals.uniform(1.0, 2.0))], lines=[MadeLine("a", "a", "cost", "one_off")],
    )  # fmt: skip
    with pytest.raises(InputError, match=match):
        made.simulate(8, seed=1)


def test_nothing_but_memorandum_items_gives_no_figure():
    unknown = {"mark": "pm", "unit": "EUR"} | EURO
    with pytest.raises(InputError, match="all of them are PM; allowed: at least one line with an amount"):
        ggu.open_model(programme(line("a", amount=unknown))).assembly()
    vat = {name: {"mark": "pm", "unit": "share"} | OURS for name in ("rate", "recoverable_share")}
    with pytest.raises(InputError, match=r"programme.vat.rate is not known"):
        ggu.open_model(programme(line("a", amount=euro(1, vat="incl")), programme={"vat": vat})).assembly()
