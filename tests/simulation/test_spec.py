"""A specification is checked when it is made: every fault at once, with its remedy."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from oracles import impact_models as models

from ggu_costs.errors import InputError
from ggu_costs.simulation import marginals
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import Affine, Correlation, Curve, Driver, Grouping, Index, Joint, Output
from ggu_costs.simulation.spec import ModelSpec

SPEC = models.everything()


def faults(**changes):
    with pytest.raises(InputError, match="the model cannot be simulated") as caught:
        replace(SPEC, **changes)
    return {fault.where: str(fault) for fault in caught.value.faults}


def term(**changes):
    return replace(SPEC.terms[0], **changes)


def test_an_empty_model_lacks_everything():
    with pytest.raises(InputError) as caught:
        ModelSpec((), (), (), (), ())
    assert [fault.where for fault in caught.value.faults] == ["units", "terms", "outputs", "years"]


def test_names_stand_once():
    found = faults(units=("GM0001",) * 7, drivers=(*SPEC.drivers, SPEC.drivers[0]))
    assert "stands here 7 times" in found["units"]
    assert "stands here 2 times" in found["drivers"]


def test_a_term_with_everything_wrong():
    bad = term(
        name="bad", weights=np.ones(3), constant=np.nan, factors=(("hour", 1), ("rate", 0)), base=np.full(7, -1.0),
        exponent=None, normalise=True, profile=np.full(4, np.inf),
        curve=Curve(Affine(np.inf), Affine(0.0, (("rate", np.nan),), np.ones(2)), np.ones(9)),
        index=Index(Affine(), np.ones(4)),
    )  # fmt: skip
    found = faults(terms=(*SPEC.terms[1:], bad))
    assert "a float64 array of shape (7,)" in found["terms.bad.weights"]
    assert "Did you mean 'hours'?" in found["terms.bad.factors"]
    assert "a whole number other than 0" in found["terms.bad.factors.rate"]
    assert "both or neither" in found["terms.bad"]
    assert "7 figures of 0 or below, the first GM0000" in found["terms.bad.base"]
    assert "4 values that are no finite number, the first at (0,)" in found["terms.bad.profile"]
    assert "an int64 array" in found["terms.bad.index.powers"]
    for where in (
        "constant",
        "normalise",
        "curve.midpoint.constant",
        "curve.steepness.rate",
        "curve.steepness.by_unit",
        "curve.times",
    ):
        assert f"terms.bad.{where}" in found


def test_a_norm_rests_on_national_drivers():
    bad = replace(SPEC.terms[8], exponent=Affine(0.0, (("own shift", 1.0),)))
    found = faults(terms=(*SPEC.terms[:8], bad, *SPEC.terms[9:]))
    assert "own shift below national level; allowed: national drivers only" in found["terms.handed out.exponent"]


def test_not_finite_weights_name_the_unit():
    weights = np.ones(7)
    weights[2] = np.nan
    found = faults(terms=(term(weights=weights), *SPEC.terms[1:]))
    assert "the first at GM0002" in found["terms.plain.weights"]


def test_levels_and_groupings():
    members, normal = np.zeros(7, np.int64), marginals.normal(0.0, 1.0)
    wrong = (
        Grouping("unit", ("a", "a"), members),
        Grouping("b", ("a",), members + 1),
        Grouping("c", ("a",), [0]),
    )
    found = faults(
        drivers=(*SPEC.drivers, Driver("x", normal, "clas"), Driver("y", normal, "own")),
        groupings=(*SPEC.groupings, *wrong),
    )
    assert "nation, unit, class, own" in found["drivers.x.level"]
    assert "GM0001 is in no group of 'own'" in found["drivers.y.level"]
    assert "another name" in found["groupings.unit"]
    assert "every name once" in found["groupings.unit.labels"]
    assert "-1 to 0" in found["groupings.b.members"]
    assert "int64 array" in found["groupings.c.members"]


def test_correlations():
    bad = Correlation(
        ("hours", "class factor", "none"), np.array([[1.0, 2.0, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 0.9]]), kind="pearson"
    )
    found = faults(correlations=(bad, Correlation(("hours", "seen"), np.eye(3))))
    where = "correlations (hours, class factor, none)"
    assert where in found
    assert "rank, normal" in found[f"{where}.kind"]
    assert "shape (2, 2)" in found["correlations (hours, seen)"]
    assert "'hours' stands here 2 times" in found["correlations: drivers"]
    told = r"(?s)unknown driver 'none'.*class, nation.*hours with class factor: 2;.*not symmetric.*1 on the diagonal"
    with pytest.raises(InputError, match=told):
        replace(SPEC, correlations=(bad,))


def test_outputs_and_joints():
    found = faults(
        outputs=(Output("net", np.ones((2, 2)), units="all", thresholds=(np.nan,)),),
        joints=(Joint("j", "gross", "mean", np.ones(2), np.inf),),
    )
    assert set(found) == {
        "outputs.net.weights", "outputs.net.units", "outputs.net.thresholds", "joints.j.output", "joints.j.kind",
        "joints.j.weights", "joints.j.threshold",
    }  # fmt: skip


def test_fingerprints_tell_things_apart():
    table = np.arange(6.0)
    things = [
        ("a", "b"), ("ab",), (("a",), "b"), ("a", ("b",)), (), ((),),
        "a", 1, 1.0, True, "1", None, "None", 0.0, -0.0, np.nan,
        table, table.reshape(2, 3), table.reshape(3, 2), table.astype(np.float32), table.view(np.int64), table.tolist(),
        (table[:3], table[3:]), (table[:2], table[2:]), SPEC.terms[0], SPEC.drivers[0],
    ]  # fmt: skip
    assert len({fingerprint(thing) for thing in things}) == len(things)
    assert len({fingerprint(things[0], things[1]), fingerprint(things[1], things[0]), fingerprint(things[:2])}) == 3
    assert fingerprint(table.reshape(2, 3)) == fingerprint(np.asfortranarray(table.reshape(2, 3)))


def test_a_digest_follows_the_content():
    again = pickle.loads(pickle.dumps(SPEC))  # noqa: S301
    assert again.digest == SPEC.digest == models.everything().digest
    moved = SPEC.terms[0].weights.copy()
    moved[0] = np.nextafter(moved[0], np.inf)
    assert replace(SPEC, terms=(term(weights=moved), *SPEC.terms[1:])).digest != SPEC.digest
    assert SPEC.driver("hours").name == "hours"
    assert SPEC.group_names[1:] == (("class", "small"), ("class", "large"), ("own", "chosen"))
