"""Saving and loading: the same figures from one file, and one clear error for whatever is no saved result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cases import FACTORS, PROFILE
from fuzz import saved as fuzzer
from fuzz.counts import outcome
from saved_files import parts_of, remade, signed
from small_programmes import PEOPLE, two_ways, uniform_cost

import ggu_costs as ggu
from ggu_costs.errors import InputError, OutputError
from ggu_costs.impact import Driver, ImpactResult, MadeLine, Term, programme_from_function, programme_from_parts
from ggu_costs.impact.programme.notes import indicative_note, sign_note
from ggu_costs.impact.saved import container
from ggu_costs.simulation import marginals
from ggu_costs.simulation.machine.accumulate import BinLayout, Totals
from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.simulation.runs.rows import Replicate, Rows
from ggu_costs.simulation.runs.state import State
from ggu_costs.simulation.runs.stored import rows_of, rows_parts, run_parts, state_of


@pytest.mark.parametrize("how", [{}, {"exact": True}, {"method": "sobol", "replicates": 3}])
def test_a_loaded_result_says_the_same(tmp_path, how):
    result = two_ways().simulate(64, seed=2, **how)
    path = result.save(tmp_path / "uitkomst")
    assert [file.name for file in tmp_path.iterdir()] == ["uitkomst.npz"] == [path.name]
    loaded = ggu.load_result(path)
    assert loaded.digest() == result.digest()
    for name in ("by_municipality", "national", "by_year", "by_line", "winners_and_losers", "adequacy"):
        pd.testing.assert_frame_equal(getattr(loaded, name)(), getattr(result, name)())
    pd.testing.assert_frame_equal(loaded.by("province"), result.by("province"))
    other = loaded.alternative("samen")
    pd.testing.assert_frame_equal(other.national(), result.alternative("samen").national())
    assert loaded.provenance == json.loads(json.dumps(dict(result.provenance)))
    assert "compensatie, 90%-interval" in str(loaded.explain("GM0363"))
    again = loaded.save(tmp_path / "opnieuw.npz")
    assert again.name == "opnieuw.npz"
    assert again.read_bytes() == path.read_bytes() == result.save(tmp_path / "nog eens").read_bytes()


def test_a_suffix_is_put_behind_a_name_and_takes_no_part_of_it(tmp_path):
    """Two names are two files, whatever dots they have."""
    names = ["run v1.0", "run v1.1", "run", ".run", "run.json", "run.npz.old", "a.b.c"]
    for seed, name in enumerate(names):
        assert uniform_cost().simulate(8, seed=seed).save(tmp_path / name).name == f"{name}.npz"
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.npz" for name in names}
    for seed, name in enumerate(names):
        assert ggu.load_result(tmp_path / name).runner.settings.seed == seed
    for wrong in ("", "/", "a\0b", None, 3):
        with pytest.raises(InputError, match="path: "):
            uniform_cost().simulate(8, seed=1).save(wrong)
        with pytest.raises(InputError, match="path: "):
            ggu.load_result(wrong)


def test_the_earlier_result_stays_until_the_new_one_is_whole(tmp_path, monkeypatch):
    first = uniform_cost().simulate(8, seed=1)
    path = first.save(tmp_path / "r")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    for error in ("fsync", "replace"):
        with monkeypatch.context() as broken:
            broken.setattr(os if error == "fsync" else type(path), error, lambda *_: full(0))
            with pytest.raises(OutputError, match="No space left on device; nothing was changed"):
                uniform_cost().simulate(8, seed=2).save(tmp_path / "r")
        assert [file.name for file in tmp_path.iterdir()] == ["r.npz"]
        assert ggu.load_result(path).digest() == first.digest()
    with pytest.raises(OutputError, match="nergens"):
        first.save(tmp_path / "nergens" / "a")


# -- with the model at hand -------------------------------------------------------------------------------------------


def test_without_its_model_a_result_says_how_to_get_the_other_answers(tmp_path):
    result = two_ways().simulate(512, seed=2)
    amount = result.compensation_for(0.9, "every")
    loaded = ggu.load_result(result.save(tmp_path / "uitkomst"))
    assert float(loaded.compensation_for(0.9, "every")) == float(amount)
    for ask in (
        lambda: loaded.compensation_for(0.9, ("share", 0.5)),
        lambda: loaded.by("safety_region"),
        lambda: result.difference(loaded),
        lambda: loaded.difference(result),
        loaded.convergence,
        loaded.sensitivity,
    ):
        with pytest.raises(InputError, match=r"load_result\(path, model=\.\.\.\)"):
            ask()


def test_with_its_model_a_loaded_result_answers_everything(tmp_path):
    result = two_ways().simulate(512, seed=2)
    loaded = ggu.load_result(result.save(tmp_path / "uitkomst"), model=two_ways())
    assert loaded.digest() == result.digest()
    pd.testing.assert_frame_equal(loaded.by("safety_region"), result.by("safety_region"))
    pd.testing.assert_frame_equal(loaded.sensitivity().to_frame(), result.sensitivity().to_frame())
    assert float(loaded.difference("samen").quantile(0.3)) == float(result.difference("samen").quantile(0.3))
    again = ggu.load_result(loaded.save(tmp_path / "opnieuw"), model=two_ways())
    assert again.digest() == result.digest()


def test_another_model_is_refused(tmp_path):
    file = two_ways().simulate(64, seed=2).save(tmp_path / "uitkomst")
    for other in (two_ways(0.5), uniform_cost(), by_function(2.0)):
        with pytest.raises(InputError, match="another programme, other inputs or by another version"):
            ggu.load_result(file, model=other)
    for no_model in ("programmes/omgevingswet/2021", 3):
        with pytest.raises(InputError, match=r"model: a (str|int)"):
            ggu.load_result(file, model=no_model)
    with pytest.raises(InputError, match="this result has its model"):
        two_ways().restore(two_ways().simulate(64, seed=2))


def test_a_model_file_is_asked_again_with_the_inputs_it_had(tmp_path):
    programme = ggu.open_programme("programmes/omgevingswet/2021")
    result = programme.simulate(128, seed=1, second_shape=True)
    loaded = ggu.load_result(result.save(tmp_path / "r"), model=programme)
    pd.testing.assert_frame_equal(loaded.published(), result.published())
    assert (loaded.second_shape, loaded.municipal_share) == (True, result.municipal_share)
    with pytest.raises(InputError, match=r"simulate the model file|load_result\(path, model="):
        ggu.load_result(tmp_path / "r").published()


def doubled(values, municipalities):
    return {"a": 2.0 * values["x"] * municipalities["inhabitants"].to_numpy()}


def by_function(top):
    return programme_from_function(
        "p", doubled, by="de proef", inhabitants=PEOPLE, map_date="2024-01-01",
        drivers=[Driver("x", marginals.uniform(1.0, top))], lines=[MadeLine("a", "a", "cost", "one_off")],
    )  # fmt: skip


def test_the_result_of_a_function(tmp_path):
    result = by_function(2.0).simulate(64, seed=1)
    file = result.save(tmp_path / "r")
    loaded = ggu.load_result(file)
    assert loaded.digest() == result.digest()
    pd.testing.assert_frame_equal(loaded.by_municipality(), result.by_municipality())
    with pytest.raises(InputError, match="does not hold the answer"):
        loaded.winners_and_losers()
    full = ggu.load_result(file, model=by_function(2.0))
    pd.testing.assert_frame_equal(full.by("province"), result.by("province"))
    with pytest.raises(InputError, match="another programme"):
        ggu.load_result(file, model=by_function(3.0))
    with pytest.raises(InputError, match="cannot be gone on with"):
        by_function(2.0).simulate(64, seed=1, resume=loaded)


def test_figures_over_all_municipalities_of_a_function_are_saved_too(tmp_path):
    result = by_function(2.0).simulate(64, seed=1)
    asked = [result.winners_and_losers(), result.compensation_for(0.9, of="every").to_frame()]
    loaded = ggu.load_result(result.save(tmp_path / "r"))
    again = [loaded.winners_and_losers(), loaded.compensation_for(0.9, of="every").to_frame()]
    for one, other in zip(asked, again, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_a_result_that_could_not_be_read_back_is_not_saved(tmp_path, monkeypatch):
    result = two_ways().simulate(64, seed=2)
    with zipfile.ZipFile(result.save(tmp_path / "r")) as packed:
        members = packed.namelist()
    monkeypatch.setattr(container, "_MOST_ARRAYS", len(members) - 1)  # with the JSON as many as there are
    ggu.load_result(result.save(tmp_path / "r"))
    monkeypatch.setattr(container, "_MOST_ARRAYS", len(members) - 2)
    with pytest.raises(InputError, match="Ask fewer questions before you save it"):
        result.save(tmp_path / "other")
    assert not (tmp_path / "other.npz").exists()
    assert container._MOST_ARRAYS < zipfile.ZIP_FILECOUNT_LIMIT


# -- going on ---------------------------------------------------------------------------------------------------------


def stopped(programme, at=128, **how):
    def stop(done, whole):
        if done >= at:
            raise KeyboardInterrupt

    how = {"draws": 64, "seed": 5, "method": "sobol", "replicates": 4} | how
    return programme.simulate(threads=1, progress=stop, on_interrupt="keep", **how)


@pytest.mark.parametrize("at", [64, 128, 192])
@pytest.mark.parametrize("model", [None, two_ways()])
def test_a_loaded_interrupted_result_goes_on_to_the_same_bits(tmp_path, at, model):
    how = {"draws": 64, "seed": 5, "method": "sobol", "replicates": 4}
    whole = two_ways().simulate(**how)
    part = stopped(two_ways(), at)
    loaded = ggu.load_result(part.save(tmp_path / "deel"), model=model)
    assert not loaded.complete
    assert loaded.digest() == part.digest()
    result = two_ways().simulate(**how, resume=loaded)
    assert result.complete
    assert result.digest() == whole.digest()
    pd.testing.assert_frame_equal(result.by_municipality(), whole.by_municipality())
    again = ggu.load_result(loaded.save(tmp_path / "nog eens"))
    assert two_ways().simulate(**how, resume=again).digest() == whole.digest()
    if at == 64:  # too few to ask anything else of
        with pytest.raises(InputError):
            loaded.by("safety_region")
    with pytest.raises(InputError, match="cannot resume from this result"):
        two_ways(0.5).simulate(**how, resume=loaded)


@pytest.mark.compiled
def test_a_loaded_result_of_plain_draws_goes_on(tmp_path):
    how = {"draws": 400_000, "seed": 5, "method": "random"}
    part = stopped(two_ways(), 1, **how)
    assert not part.complete
    loaded = ggu.load_result(part.save(tmp_path / "deel"))
    assert two_ways().simulate(**how, resume=loaded).digest() == two_ways().simulate(**how).digest()


def test_a_run_of_other_rows_is_not_gone_on_with(tmp_path):
    """The file says it is of this model and has other rows: no kernel gets to see them."""
    part = stopped(two_ways())

    def fewer(facts, arrays):
        facts["run"]["rows"] -= 1
        facts["run"]["histograms"] -= 1
        for name in [name for name in arrays if name.startswith("run_")]:
            axis = 1 if name.endswith(("sums", "quantiles")) else 0
            if not name.endswith(("done", "nodes", "exact", "cell_counts", "cell_ends")):
                arrays[name] = np.delete(arrays[name], -1, axis=axis)

    path = remade(part.save(tmp_path / "r"), fewer)
    with pytest.raises(InputError, match="do not have the digest"):
        ggu.load_result(path)
    state = part.runner.first_run.state
    facts, arrays = run_parts(state)
    cut = replace(facts, rows=facts.rows - 1, histograms=facts.histograms - 1)
    small = state_of(cut, lambda name, kind, shape: arrays[name][tuple(slice(size) for size in shape)])
    part.runner.main.state.bin_layout = small.bin_layout
    with pytest.raises(InputError, match="resume: rows: other results than this model has"):
        two_ways().simulate(64, seed=5, method="sobol", replicates=4, resume=part)


def test_all_that_rows_and_runs_are_is_stored():
    """A new field of theirs is lost unless it is stored."""
    result = stopped(two_ways())
    rows = result.runner.units("zelf", "net")
    facts, arrays = rows_parts(rows)
    back = rows_of(facts, lambda name, kind, shape: arrays[name])
    assert {field.name for field in fields(Rows)} == {
        "count", "sums", "table", "histograms", "above", "extremes", "probabilities", "exact", "spread_probabilities",
        "replicates", "cells",
    }  # fmt: skip
    assert {field.name for field in fields(Cells)} == {"starts", "counts", "ends"}
    assert {field.name for field in fields(Replicate)} == {"mean", "quantiles", "shares"}
    assert {field.name for field in fields(Totals)} == {"histograms", "above", "extremes"}
    assert {field.name for field in fields(BinLayout)} == {"table", "places"}
    assert rows_parts(back)[0] == facts
    state = result.runner.main.state
    told, arrays = run_parts(state)
    again = state_of(told, lambda name, kind, shape: arrays[name])
    assert {field.name for field in fields(State)} == {
        "bin_layout", "probabilities", "settings", "nodes", "done", "finished", "current", "spread", "cells",
    }  # fmt: skip
    assert (again.settings, again.done, again.probabilities) == (state.settings, state.done, state.probabilities)
    assert run_parts(again)[0] == told


def test_texts_made_in_python_are_saved_as_they_are_seen(tmp_path):
    strange = {
        "a\ud800": np.float32(0.5),
        "no end": float("inf"),
        "whole": np.int64(3),
        "day": pd.Timestamp("2024-01-01"),
    }
    result = replace(two_ways().simulate(64, seed=2), title="Nieuw\x1b[2J\u2028", provenance=strange)
    loaded = ggu.load_result(result.save(tmp_path / "r"))
    assert loaded.title == r"Nieuw\x1b[2J" + "\u2028"
    assert loaded.provenance == {r"a\ud800": 0.5, "no end": "inf", "whole": 3, "day": "2024-01-01 00:00:00"}


def test_what_is_known_of_a_result_is_no_matter_of_its_texts(tmp_path):
    difference = stopped(two_ways()).difference(stopped(two_ways(0.5)))
    marked = replace(two_ways().simulate(64, seed=2), indicative=True, how_to_read=("Lees dit eerst.",))
    quoted = replace(
        two_ways().simulate(64, seed=2), notes=(sign_note(), indicative_note()), provenance={"draws_asked": 64}
    )
    for result in (difference, marked, quoted):
        loaded = ImpactResult.load(result.save(tmp_path / "uitkomst"))
        for fact in ("complete", "indicative", "how_to_read"):
            assert getattr(loaded, fact) == getattr(result, fact)


# -- whatever is no saved result --------------------------------------------------------------------------------------


def test_results_of_the_first_version_are_named_with_the_remedy(tmp_path):
    """Two files that nothing held together: the settings with which the same figures are made again are told."""
    told = {"format": 1, "settings": {"draws": 64, "seed": 2, "method": "random"}}
    (tmp_path / "oud.json").write_text(json.dumps(told))
    np.savez(tmp_path / "oud.npz", a=np.zeros(3))
    for name in ("oud", "oud.npz", "oud.json"):
        with pytest.raises(InputError, match=r"result of ggu_costs 0\.1, in two files") as caught:
            ggu.load_result(tmp_path / name)
        assert "Simulate again with draws=64, seed=2, method='random'" in str(caught.value)
    result = uniform_cost().simulate(8, seed=3)
    result.save(tmp_path / "oud")
    assert ggu.load_result(tmp_path / "oud").digest() == result.digest()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return two_ways().simulate(64, seed=2, method="sobol", replicates=3).save(tmp_path_factory.mktemp("kept") / "r")


@pytest.fixture
def file(kept, tmp_path):
    path = tmp_path / "r.npz"
    path.write_bytes(kept.read_bytes())
    return path


def test_every_byte_that_changes_is_seen(file):
    whole = file.read_bytes()
    for place in {*range(0, len(whole), 997), *range(len(whole) - 100, len(whole))}:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(InputError, match="no saved result, or a damaged one"):
            ggu.load_result(file)
    for cut in (b"", whole[:1], whole[:200], whole[:-1], whole + b"\n", whole[:300] + bytes(100) + whole[400:]):
        file.write_bytes(cut)
        with pytest.raises(InputError, match="no saved result, or a damaged one") as caught:
            ggu.load_result(file)
    assert "simulate again: the same model, draws, seed and method give the same result" in str(caught.value)


def test_what_is_no_regular_file_or_not_there(tmp_path):
    os.mkfifo(tmp_path / "r.npz")
    (tmp_path / "map.npz").mkdir()
    for name in ("r", "map", "nergens", "x" * 300):
        with pytest.raises(InputError, match=r"no saved result|not a file"):
            ggu.load_result(tmp_path / name)


def at(name, change):
    def changed(facts, arrays):
        arrays[name] = change(arrays[name])

    return changed


def into(place, value):
    def change(array):
        array = array.copy()
        array.reshape(-1)[place] = value
        return array

    return change


def told(*path, value):
    def changed(facts, arrays):
        *first, last = path
        for step in first:
            facts = facts[step]
        facts[last] = value

    return changed


HOSTILE = {
    "fewer rows": at("answer0_sums", lambda a: a[:1]),
    "more rows": at("answer0_sums", lambda a: np.repeat(a, 2, axis=0)),
    "another shape of the same size": at("answer0_sums", lambda a: a.T.copy()),
    "another type": at("answer0_sums", lambda a: a.astype(np.float32)),
    "whole numbers": at("answer0_sums", lambda a: a.astype(np.int64)),
    "other byte order": at("answer0_sums", lambda a: a.astype(">f8")),
    "text": at("answer0_sums", lambda a: a.astype("U8")),
    "no number": at("answer0_sums", into(0, np.nan)),
    "no end": at("answer0_sums", into(1, np.inf)),
    "squares below 0": at("answer0_sums", into(1, -1.0)),
    "a mean that the squares do not allow": at("answer0_sums", into(0, 1e9)),
    "municipalities that are not the nation": at("answer0_table", into(0, 1e6)),
    "no width": at("answer0_table", into(1, 0.0)),
    "a count too many": at("answer0_histograms", into(1000, 7)),
    "counts that overflow": at("answer0_histograms", lambda a: a + np.uint32(2**32 - 1)),
    "negative counts": at("answer0_above", into(0, -1)),
    "more above than draws": at("answer0_above", into(0, 10**6)),
    "above against the histogram": at("answer0_above", lambda a: 64 * 3 - a),
    "a lowest draw that was not counted": at("answer0_extremes", into(0, 0.0)),
    "fewer draws": told("answers", 0, "rows", "count", value=63),
    "no draws": told("answers", 0, "rows", "count", value=0),
    "huge rows": told("answers", 0, "rows", "rows", value=2**40),
    "negative rows": told("answers", 0, "rows", "rows", value=-1),
    "huge thresholds": told("answers", 0, "rows", "thresholds", value=2**60),
    "huge replicates": told("answers", 0, "rows", "replicates", value=2**60),
    "quantiles that fall": at("answer0_0_quantiles", lambda a: a[::-1]),
    "shares above 1": at("answer0_0_shares", into(0, 1.5)),
    "a level above 1": told("answers", 0, "rows", "spread_probabilities", value=[0.05, 0.25, 0.5, 0.75, 1.5]),
    "an unknown question": told("answers", 0, "key", value=["zelf", "winst"]),
    "an unknown alternative": told("answers", 0, "key", value=["niets", "net"]),
    "a key that is none": told("answers", 0, "key", value=[1, [2]]),
    "an unknown selection": told("result", "selection", value="zelf - samen - zelf"),
    "text as draws": told("draws", "draws", value="64"),
    "draws without end": told("draws", "draws", value=10**400),
    "other draws": told("draws", "draws", value=128),
    "a truth value as seed": told("draws", "seed", value=True),
    "an unknown fact": told("winst", value=1),
    "another version": told("version", value=3),
    "another digest": told("digest", value="0" * 64),
    "no inhabitants": at("inhabitants", into(0, np.nan)),
    "a unit twice": told("programme", "units", value=["GM0014"] * 5),
    "a year outside": told("programme", "structural_year", value=9),
    "no lines": told("programme", "lines", value=[]),
    "a text that moves the cursor": told("result", "title", value="a\x1b[2J"),
    "a deep provenance": told("result", "provenance", value=json.loads("[" * 300 + "]" * 300)),
    "leaves that are none": at("run_0_done", into(0, 5)),
    "sums of other leaves": at("run_0_nodes", into(1, 3)),
    "sums at no place": at("run_0_nodes", into(0, 2**60)),
    "rows without histograms": at("run_places", into(0, 10**9)),
    "another model of the run": told("run", "leaves", value=[1, 1]),
    "many replicates": told("run", "replicates", value=2**50),
    "a run without rows": told("run", "rows", value=2**50),
    "something more": lambda facts, arrays: arrays.update(more=np.zeros(3)),
    "something less": lambda facts, arrays: arrays.pop("answer0_above"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_with_the_right_hash_is_refused_before_a_kernel_sees_it(file, monkeypatch, name):
    from ggu_costs.simulation.runs import _row_kernels

    for kernel in ("add_blocks", "locate", "power_sums", "highest"):
        monkeypatch.setattr(_row_kernels, kernel, lambda *_: pytest.fail("a kernel was called"))
    remade(file, HOSTILE[name])
    with pytest.raises(InputError, match="no saved result, or a damaged one") as caught:
        ggu.load_result(file)
    assert len(str(caught.value)) < 4_000


CELLS = {
    "cells of no row": at("answer0_cell_starts", into(0, 1)),
    "cells that go back": at("answer0_cell_starts", into(1, 10**6)),
    "an empty cell": at("answer0_cell_counts", into(0, 0)),
    "more in a cell than draws": at("answer0_cell_counts", into(0, 2**62)),
    "one draw too many": at("answer0_cell_counts", lambda a: a + (np.arange(a.size) == 3)),
    "draws in another cell": at("answer0_cell_counts", lambda a: a[::-1]),
    "an end that is no number": at("answer0_cell_ends", into(0, np.nan)),
    "cells upside down": at("answer0_cell_ends", lambda a: a[:, ::-1]),
    "cells in another order": at("answer0_cell_ends", lambda a: a[::-1]),
    "cells elsewhere": at("answer0_cell_ends", lambda a: a * 2.0),
    "cells of the run elsewhere": at("run_cell_ends", lambda a: a * 2.0),
    "another number of cells": told("answers", 0, "rows", "cells", value=2**50),
    "fewer than no cells": told("answers", 0, "rows", "cells", value=-1),
}


@pytest.mark.parametrize("name", CELLS)
def test_hostile_cells_are_refused(tmp_path, name):
    people = PEOPLE.to_numpy(float)
    drivers = [Driver("uren", marginals.uniform(0.5, 1.5)), Driver("ramp", marginals.bernoulli(0.1))]
    terms = [
        Term(driver.name, people, constant=amount, factors=((driver.name, 1),))
        for driver, amount in zip(drivers, (1.0, 9e3), strict=True)
    ]
    lines = [MadeLine(term.name, term.name, "cost", "one_off", (term,)) for term in terms]
    where = {"inhabitants": PEOPLE, "map_date": "2024-01-01", "years": (2024,)}
    programme = programme_from_parts("Proef", by="x", lines=lines, drivers=drivers, **where)
    result = programme.simulate(256, seed=1)
    whole = result.save(tmp_path / "r")
    assert result.runner.units(result.selection, "net").cells.counts.size > 100
    back = ggu.load_result(whole)
    assert back.by_municipality().equals(result.by_municipality())
    remade(whole, CELLS[name])
    with pytest.raises(InputError, match="no saved result, or a damaged one"):
        ggu.load_result(whole)


def packed(path, members, **how):
    """A zip with these members, signed."""
    with zipfile.ZipFile(path, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as whole:
        whole.comment = container._MARK + b"0" * 64
        for name, content in members:
            whole.writestr(name, content)
    return signed(path, path.read_bytes()[:-64])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zips_that_are_no_results(file, tmp_path, monkeypatch):
    monkeypatch.setattr(container, "_LONG_FACTS", 2**20)
    with zipfile.ZipFile(file) as whole:
        members = [(name, whole.read(name)) for name in whole.namelist()]
    huge = (members[1][0], members[1][1] + bytes(10**7))
    for strange in (
        [], members[1:], [members[0]], [*members, members[-1]], [members[0], huge, *members[2:]],
        [("result.json", bytes(2**20 + 1)), *members[1:]], [("result.json", b"[" * 10**6), *members[1:]],
        [("result.json", b"\xff"), *members[1:]], [members[0], (members[1][0], b""), *members[2:]],
        [members[0], (members[1][0], b"\x93NUMPY\x01\x00\xff\xff" + bytes(1000)), *members[2:]],
    ):  # fmt: skip
        with pytest.raises(InputError, match="no saved result, or a damaged one"):
            ggu.load_result(packed(tmp_path / "a.npz", strange))
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(InputError, match="packed in another way"):
            ggu.load_result(packed(tmp_path / "a.npz", members, compression=compression))
    for content in (container._MARK, b"PK\x05\x06" + bytes(18) + container._MARK, bytes(300) + container._MARK):
        with pytest.raises(InputError, match="no saved result, or a damaged one"):
            ggu.load_result(signed(tmp_path / "a.npz", content))


def test_the_size_that_a_member_states_is_looked_at_before_it_is_unpacked(file):
    """A bomb states its size, or states less than it has."""
    content = bytearray(file.read_bytes()[:-64])
    place = content.rindex(b"PK\x01\x02")  # the last member, in the table of contents
    for stated in (0, 10, 2**31, 2**32 - 2):
        content[place + 24 : place + 28] = stated.to_bytes(4, "little")
        with pytest.raises(InputError, match=r"states \d|unpacked|bytes, not|table of contents"):
            ggu.load_result(signed(file, bytes(content)))


def test_a_file_of_more_than_may_be_is_not_read(tmp_path):
    path = tmp_path / "r.npz"
    with path.open("wb") as sparse:
        sparse.truncate(2**41)
    with pytest.raises(InputError, match="more than 1,073,741,824"):
        ggu.load_result(path)


def test_anyone_can_read_a_saved_result(kept):
    facts, arrays = parts_of(kept)
    assert (facts["format"], facts["version"], facts["draws"]["seed"]) == ("ggu_costs result", 2, 2)
    first = facts["answers"][0]
    assert (first["kind"], first["key"]) == ("units", ["zelf", "net"])
    mean = arrays["answer0_table"][:, 0] + arrays["answer0_sums"][:, 0] / first["rows"]["count"]
    expected = ggu.load_result(kept).by_municipality()["mean"].to_numpy()
    np.testing.assert_array_equal(mean, expected)


def test_a_process_that_is_killed_while_it_saves_leaves_a_result_that_is_whole(tmp_path):
    results = [uniform_cost().simulate(64, seed=seed) for seed in (1, 2)]
    results[0].save(tmp_path / "r")
    save = (
        "import sys; sys.path.insert(0, sys.argv[2]); from small_programmes import uniform_cost\n"
        "results = [uniform_cost().simulate(64, seed=seed) for seed in (1, 2)]\n"
        "while True:\n    for result in results:\n        result.save(sys.argv[1]); print(flush=True)"
    )
    tests = str(Path(__file__).parents[1])
    with subprocess.Popen([sys.executable, "-c", save, str(tmp_path / "r"), tests], stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.004)
        child.kill()
    assert ggu.load_result(tmp_path / "r").digest() in {result.digest() for result in results}


def test_damage_of_every_kind_ends_in_one_error():
    """A small share of what the fuzzer tries."""
    kinds = {}
    for case in fuzzer.cases(round(24 * FACTORS[PROFILE]), seed=11):
        kind, told = outcome(fuzzer.attempt, case)
        kinds[kind, case.valid] = kinds.get((kind, case.valid), 0) + 1
        assert kind == "fine" or (kind == "refused" and not case.valid), told
    assert kinds["refused", False] > 5
    assert kinds["fine", True] > 0
