"""A report states its questions first: the engine goes over the draws once for all of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import ggu_costs as ggu
from ggu_costs.catalogue import list_models
from ggu_costs.impact.answers import settings
from ggu_costs.impact.report import report

PROGRAMMES = [name for name in list_models().index if name.startswith("programmes/")]


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[object, ...]]:
    """How often the engine ran, by what tells one set of draws from another: the drivers, and the map."""
    counted: Counter[tuple[object, ...]] = Counter()
    true = settings.run

    def run(spec, **how):
        counted[tuple(sorted((one.name, repr(one.marginal)) for one in spec.drivers)), len(spec.units)] += 1
        return true(spec, **how)

    monkeypatch.setattr(settings, "run", run)
    return counted


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_report_takes_two_passes_and_one_more_for_sensitivity(name: str, passes: Counter[tuple[object, ...]]) -> None:
    model = ggu.open_programme(name)
    result = model.simulate(draws=256)
    report(result, None)
    (main, *_), own = passes, any(driver.level == "unit" for driver in result.assembly.drivers)
    others = {which: many for which, many in passes.items() if which != main}
    assert passes[main] == 2
    assert all(many == 1 for many in others.values())
    shapes = any(driver.second_shape for driver in model.definition.drivers)
    assert len(others) <= 3 * shapes + own  # the second shape of all and of the nation, the third reading; own draws


def test_what_was_asked_is_not_asked_again(passes: Counter[tuple[object, ...]]) -> None:
    result = ggu.open_programme("programmes/omgevingswet/2021").simulate(draws=256)
    report(result, None)
    before = passes.total()
    result.national()
    result.by_municipality("structural")
    result.by("province", "one_off")
    result.winners_and_losers("structural")
    result.budget()
    assert passes.total() == before
    result.by_municipality("gross")
    assert passes.total() == before + 1


@pytest.mark.parametrize("name", ["programmes/omgevingswet/2021", "programmes/example-common-ground"])
def test_a_note_takes_two_passes_and_one_more_for_own_draws(name: str, passes: Counter[tuple[object, ...]]) -> None:
    result = ggu.open_programme(name).simulate(draws=256)
    report(result, "GM0344")
    (main, *_), own = passes, any(driver.level == "unit" for driver in result.assembly.drivers)
    assert (passes[main], passes.total()) == (2, 2 + own)


def test_a_result_is_saved_after_two_passes(passes: Counter[tuple[object, ...]], tmp_path: Path) -> None:
    result = ggu.open_programme("programmes/example-common-ground").simulate(draws=256)
    loaded = ggu.load_result(result.save(tmp_path / "result"))
    assert passes.total() == 2
    for name in result.alternatives:
        ours, theirs = result.alternative(name), loaded.alternative(name)
        for answer in ("national", "by_year", "by_line", "adequacy", "winners_and_losers", "by", "by_municipality"):
            pd.testing.assert_frame_equal(getattr(theirs, answer)(), getattr(ours, answer)())
    assert passes.total() == 2
