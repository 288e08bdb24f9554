"""Saving and loading: the same figures, and clear words where a question or a version does not fit."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_programmes import two_ways

from ggu_costs.errors import InputError, OutputError
from ggu_costs.impact import ImpactResult
from ggu_costs.impact.programme.notes import INDICATIVE, SIGN


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_a_loaded_result_says_the_same(tmp_path, method):
    result = two_ways().simulate(64, seed=2, method=method, replicates=3)
    path = result.save(tmp_path / "uitkomst")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["uitkomst.json", "uitkomst.npz"]
    loaded = ImpactResult.load(path)
    assert loaded.digest() == result.digest()
    for name in ("by_municipality", "national", "by_year", "by_line", "winners_and_losers", "adequacy"):
        pd.testing.assert_frame_equal(getattr(loaded, name)(), getattr(result, name)())
    pd.testing.assert_frame_equal(loaded.by("province"), result.by("province"))
    other = loaded.alternative("samen")
    pd.testing.assert_frame_equal(other.national(), result.alternative("samen").national())
    assert loaded.provenance == json.loads(json.dumps(dict(result.provenance)))
    assert "Netto, P5 tot P95" in str(loaded.explain("GM0363"))
    with pytest.raises(InputError, match=r"does not hold the answer|needs the terms"):
        loaded.by("safety_region")
    with pytest.raises(InputError, match="needs the terms"):
        loaded.sensitivity()
    again = loaded.save(tmp_path / "opnieuw.npz")
    assert ImpactResult.load(again).digest() == result.digest()


def stopped(programme):
    def stop(done, whole):
        if done >= 128:
            raise KeyboardInterrupt

    return programme.simulate(64, seed=5, method="sobol", replicates=4, threads=1, progress=stop)


def test_what_is_known_of_a_result_is_no_matter_of_its_texts(tmp_path):
    difference = stopped(two_ways()).difference(stopped(two_ways(0.5)))
    marked = replace(two_ways().simulate(64, seed=2), indicative=True, how_to_read=("Lees dit eerst.",))
    quoted = replace(two_ways().simulate(64, seed=2), notes=(SIGN, INDICATIVE), provenance={"draws_asked": 64})
    for result in (difference, marked, quoted):
        loaded = ImpactResult.load(result.save(tmp_path / "uitkomst"))
        for fact in ("complete", "indicative", "how_to_read"):
            assert getattr(loaded, fact) == getattr(result, fact)


def test_a_file_from_before_these_facts_were_fields(tmp_path):
    result = replace(stopped(two_ways()), notes=("Iets.", SIGN, INDICATIVE))
    path = result.save(tmp_path / "uitkomst")
    told = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in told.items() if k not in {"complete", "indicative", "how_to_read"}}))
    loaded = ImpactResult.load(path)
    assert (loaded.complete, loaded.indicative, loaded.how_to_read) == (False, True, (SIGN, INDICATIVE))
    assert loaded.digest() == result.digest()


def test_files_that_are_no_result(tmp_path):
    path = two_ways().simulate(64, seed=2).save(tmp_path / "a")
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"format": 99}))
    with pytest.raises(InputError, match="another version") as caught:
        ImpactResult.load(path)
    assert "99, written by ggu_costs" in str(caught.value)
    path.write_text(json.dumps(told))
    with np.load(path.with_suffix(".npz")) as arrays:
        kept = {name: arrays[name] for name in list(arrays)[3:]}
    np.savez(path.with_suffix(".npz"), **kept)
    with pytest.raises(InputError, match="no saved result"):
        ImpactResult.load(path)
    path.write_text("[]")
    with pytest.raises(InputError, match="another version"):
        ImpactResult.load(path)
    with pytest.raises(InputError, match="no saved result"):
        ImpactResult.load(tmp_path / "nergens")
    with pytest.raises(OutputError, match="nergens"):
        two_ways().simulate(64, seed=2).save(tmp_path / "nergens" / "a")


def test_a_loaded_result_makes_nothing_up(tmp_path):
    result = two_ways().simulate(512, seed=2)
    result.compensation_for(0.9, "every")
    loaded = ImpactResult.load(result.save(tmp_path / "uitkomst"))
    assert float(loaded.compensation_for(0.9, "every")) == pytest.approx(
        float(result.compensation_for(0.9, "every")), rel=0.01
    )
    for ask in (
        lambda: loaded.compensation_for(0.9, ("share", 0.5)),
        lambda: result.difference(loaded),
        lambda: loaded.difference(result),
        loaded.convergence,
    ):
        with pytest.raises(InputError, match="does not hold the answer"):
            ask()
