"""Lines by the standard cost model (P x Q): a case by hand, its moments where it is uncertain, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from programme_files import CLASSES, OURS, PEOPLE, driver, fixed, line, programme

import ggu_costs as ggu
from ggu_costs.errors import ModelFileError
from ggu_costs.impact import read_rates

FROM_2024 = {"vat": "none", **OURS}


def rates(name: str = "tarieven", **more):
    return {
        "id": name, "name": "Tarieven van de proef", "year": 2024, "whose": "municipalities", "overhead": "included",
        "functions": {"consulent": 66.60, "jurist": 91.20}, "productive_hours": 1363, **FROM_2024, **more,
    }  # fmt: skip


def scm(*steps, cases: Any = 4_000, usual: Any = 0.25, **more):
    return {"rates": "tarieven", "cases": cases, "usual": usual, "steps": list(steps), **OURS, **more}


INTAKE = {"id": "intake", "name": "Intakegesprek", "function": "consulent", "minutes": 45, "frequency": 2}
TOETS = {"id": "toets", "name": "Toets", "function": "jurist", "minutes": 20, "frequency": 0.5}
TOLK = {"id": "tolk", "name": "Tolk", "price": 80, "frequency": 0.1, **FROM_2024, "price_level": "2024"}


def worked(**more):
    """A structural line of 4,000 cases a year, of which a quarter is done anyway."""
    made = line("aanvraag", nature="structural", amount=None, scm=scm(INTAKE, TOETS, TOLK))
    return programme(made | more.pop("line", {}), **({"hourly_rates": [rates()]} | more))


def test_a_case_by_hand_to_the_cent():
    """Beyond usual 4,000 x 0.75 = 3,000 cases a year.

    Intake: 3,000 x 2 x 45 / 60 = 4,500 hours x 66.60 = 299,700.00. Test: 3,000 x 0.5 x 20 / 60 = 500 hours x 91.20 =
    45,600.00. Interpreter: 3,000 x 0.1 x 80 = 24,000.00. Together 369,300.00: 92.325 a case. Hours 5,000; intake is
    4,500 / 1,363 = 3.3015 fte.
    """
    result = ggu.open_programme(worked()).simulate()
    steps = result.steps()
    assert [round(Decimal(str(x)), 2) for x in steps["mean"]] == [Decimal("299700.00"), Decimal("45600.00"), 24000]
    np.testing.assert_allclose(steps["hours"], [4_500, 500, np.nan], rtol=1e-12)
    np.testing.assert_allclose(steps["fte"], [4_500 / 1_363, 500 / 1_363, np.nan], rtol=1e-12)
    assert steps["nature"].unique().tolist() == ["structural"]
    by_function = result.functions()
    assert by_function.index.tolist() == ["consulent", "jurist"]
    np.testing.assert_allclose(by_function["mean"], [299_700, 45_600], rtol=1e-12)
    together = result.volumes().loc["aanvraag"]
    np.testing.assert_allclose(together[["volume", "unit_price", "mean"]].astype(float), [4_000, 92.325, 369_300])
    assert result.national("structural").loc["structural", "mean"] == pytest.approx(369_300, rel=1e-12)


def test_hours_an_fte_and_overhead_on_top():
    """Half an fte of 1,400 hours in each of two cases at 50.00 with 40 % on top is 2 x 700 x 70 = 98,000; 3 hours at 50
    with 40 % in each is 420.
    """
    steps = [
        {"id": "beheer", "name": "Beheer", "function": "a", "fte": 0.5},
        {"id": "overleg", "name": "Overleg", "function": "a", "hours": 3},
    ]
    table = rates(overhead="excluded", functions={"a": 50}, productive_hours=1_400)
    part = scm(*steps, cases=2, usual=0, overhead=0.4)
    result = ggu.open_programme(programme(line("l", amount=None, scm=part), hourly_rates=[table])).simulate()
    found = result.steps()
    np.testing.assert_allclose(found["mean"], [98_000, 420], rtol=1e-12)
    np.testing.assert_allclose(found["fte"], [1.0, 6 / 1_400], rtol=1e-12)
    assert any("exclusief overhead" in note for note in result.notes)


def test_by_size_class_each_municipality_has_its_own():
    """Cases and minutes by class, in municipalities: volume x minutes / 60 x 60 euro."""
    numbers = dict(zip("12345678", (1, 2, 3, 4, 5, 6, 7, 8), strict=True))
    minutes = dict(zip("12345678", (80, 70, 60, 50, 40, 30, 20, 10), strict=True))
    step = INTAKE | {"minutes": {"amounts": minutes, "unit": "minutes", **OURS}, "frequency": 1, "function": "a"}
    part = scm(step, cases={"amounts": numbers, "unit": "count", **OURS}, usual=0)
    tables = programme(
        line("l", amount=None, key=None, per="municipality", scm=part), hourly_rates=[rates(functions={"a": 60})]
    )
    result = ggu.open_programme(tables).simulate()
    by_hand = np.array([numbers[label] * minutes[label] for label in CLASSES], dtype=float)
    np.testing.assert_allclose(result.by_municipality("one_off")["mean"], by_hand, rtol=1e-12)
    assert result.volumes().loc["l", "volume"] == pytest.approx(sum(numbers[label] for label in CLASSES))


def test_by_class_with_overhead_usual_fte_and_a_phase_in_it_is_right_to_the_cent():
    """In fractions, by hand: V (1 - b) f t r (1 + o) by class, 1,363 hours an fte, a quarter in the first year."""
    cases = dict(zip("12345678", (3, 7, 11, 19, 31, 53, 71, 97), strict=True))
    minutes = dict(zip("12345678", (35, 40, 45, 50, 55, 60, 65, 70), strict=True))
    steps = [
        {"id": "toets", "name": "Toets", "function": "a", "minutes": {"amounts": minutes, "unit": "minutes", **OURS},
         "frequency": 1.5, "usual": 0.4},
        {"id": "beheer", "name": "Beheer", "function": "b", "fte": 0.02},
        TOLK,
    ]  # fmt: skip
    part = scm(*steps, cases={"amounts": cases, "unit": "count", **OURS}, usual=0.25, overhead=0.35)
    table = rates(overhead="excluded", functions={"a": 66.60, "b": 91.20})
    profile = {"years": {2024: 0.25, 2025: 1}, "unit": "share", **OURS}
    made = line("l", amount=None, key=None, per="municipality", nature="structural", scm=part, profile=profile)
    result = ggu.open_programme(programme(made, hourly_rates=[table])).simulate()

    def by_hand(label: str) -> list[Fraction]:
        volume, on_top = Fraction(cases[label]), 1 + Fraction(35, 100)
        toets = volume * Fraction(6, 10) * Fraction(3, 2) * Fraction(minutes[label], 60) * Fraction(6660, 100) * on_top
        beheer = volume * Fraction(75, 100) * Fraction(2, 100) * 1363 * Fraction(9120, 100) * on_top
        return [toets, beheer, volume * Fraction(75, 100) * Fraction(1, 10) * 80]

    whole = [sum(by_hand(label)) for label in CLASSES]
    found = result.by_municipality("structural")["mean"]
    assert [round(100 * x) for x in found] == [round(100 * float(x)) for x in whole]
    by_year = result.by_year()["mean"].tolist()
    assert [round(x, 2) for x in by_year] == [round(float(sum(whole) * part), 2) for part in (Fraction(1, 4), 1)]
    nation = [sum(by_hand(label)[place] for label in CLASSES) for place in range(3)]
    assert [round(x, 2) for x in result.steps()["mean"]] == [round(float(x), 2) for x in nation]
    fte = sum(Fraction(cases[label]) * Fraction(75, 100) * Fraction(2, 100) for label in CLASSES)
    assert result.steps()["fte"].tolist()[1] == pytest.approx(float(fte), rel=1e-12)


def test_uncertain_factors_give_the_analytic_mean_and_variance():
    """Independent factors: E = prod E, E2 = prod E2, so Var = E2 - E^2."""
    drivers = [
        driver("aantal", low=3_000, high=5_000, unit="count"), driver("duur", low=30, high=60, unit="minutes"),
        driver("tarief", low=60, high=80, unit="EUR/hour", vat="none", price_level="2024"),
        driver("al", low=0.1, high=0.3, unit="share"), driver("keer", low=1, high=2, unit="number"),
    ]  # fmt: skip
    step = {"id": "s", "name": "s", "function": "a", "minutes": "duur", "frequency": "keer"}
    tables = programme(
        line("l", amount=None, scm=scm(step, cases="aantal", usual="al")),
        hourly_rates=[rates(functions={"a": "tarief"})], drivers=drivers,
        simulation={"draws": 4_096, "method": "sobol", "replicates": 8},
    )  # fmt: skip
    ends = [(3_000, 5_000), (0.5, 1.0), (60, 80), (0.7, 0.9), (1, 2)]
    mean = np.prod([(a + b) / 2 for a, b in ends])
    square = np.prod([(a * a + a * b + b * b) / 3 for a, b in ends])
    result = ggu.open_programme(tables).simulate()
    row = result.national("one_off")
    found = {name: float(row[name].iloc[0]) for name in ("mean", "mean_error", "sd", "sd_error")}
    sd = np.sqrt(square - mean**2)
    assert found["mean"] == pytest.approx(mean, abs=4 * found["mean_error"] + 1e-9 * mean)
    assert found["sd"] == pytest.approx(sd, abs=4 * found["sd_error"] + 1e-9 * sd)
    assert found["mean_error"] < 1e-3 * mean
    hours = result.steps()["hours"].iloc[0]
    assert hours == pytest.approx(4_000 * 0.8 * 1.5 * 0.75, rel=1e-3)


def test_rates_by_year_and_an_index_on_one_year():
    """At 60 in 2024 and 66 in 2025, or at 60 with an index of 10 per cent: a tenth more, and as many hours."""
    step = INTAKE | {"function": "a"}
    by_year = {"years": {2024: 60, 2025: 66}, "unit": "EUR/hour", **FROM_2024, "price_level": "2024"}
    index = {"series": "loonvoet", "rates": {2025: 0.1}, "base_year": 2024, **OURS}
    current = {"prices": "current", "price_level": None}
    for table, more in ((rates(functions={"a": by_year}), {"reason": "tarieven per jaar"}),
                        (rates(functions={"a": 60}), {"index": index})):  # fmt: skip
        made = line("l", amount=None, nature="structural", scm=scm(step), **more)
        result = ggu.open_programme(programme(made, hourly_rates=[table], programme=current)).simulate()
        first, second = result.by_year()["mean"]
        assert (first, second) == pytest.approx((4_500 * 60, 4_500 * 66))
        assert result.steps()["hours"].iloc[0] == pytest.approx(4_500)


def test_one_error_with_every_fault_and_its_remedy():
    """Minutes in hours, rates of another year without an index, overhead twice, an unknown function: all at once."""
    step = INTAKE | {"minutes": {"value": 0.75, "unit": "hours", **OURS}}
    other = TOETS | {"function": "juristt"}
    tables = programme(
        line("l", amount=None, scm=scm(step, other, overhead=0.4)), hourly_rates=[rates(year=2023)],
    )  # fmt: skip
    with pytest.raises(ModelFileError) as caught:
        ggu.open_programme(tables)
    text = str(caught.value)
    for said in (
        "hours under minutes", "0.75 hours are 45 minutes", "price level '2023' in a programme at '2024'",
        "or index this line from its own", "overhead on rates that have it (tarieven)", "Leave it out",
        "no rate for 'juristt'", "jurist",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"usual": None}, "usual"),
        ({"cases": {"amounts": {"1": 3}, "unit": "count", **OURS}}, "cases by class, or not a count, with a key"),
        ({"made_up_of": [{"id": "a", "name": "a", "cases": 3}]}, "parts that add up to 3 of cases 4000"),
        ({"usual": 40}, "a part that is done anyway above 1"),
        ({"rates": "tarief"}, "unknown rates 'tarief'"),
        ({"steps": [INTAKE | {"hours": 1}]}, "minutes and hours given"),
        ({"steps": [INTAKE | {"function": ""}]}, "minutes without function"),
        ({"steps": [INTAKE, INTAKE]}, "step 'intake' 2 times"),
        ({"steps": [INTAKE, TOLK | {"price_level": "2022"}]}, "one VAT state and price level"),
        ({"cases": "niemand"}, "unknown driver 'niemand'"),
    ],
)
def test_parts_that_do_not_fit_are_refused(change, said):
    part = {name: value for name, value in (scm(INTAKE) | change).items() if value is not None}
    with pytest.raises(ModelFileError, match=said):
        ggu.open_programme(worked(line={"scm": part}))


def test_rates_without_overhead_say_so_and_an_amount_beside_is_refused():
    with pytest.raises(ModelFileError, match="rates without overhead"):
        ggu.open_programme(worked(hourly_rates=[rates(overhead="excluded")]))
    with pytest.raises(ModelFileError, match="scm with factors"):
        ggu.open_programme(worked(line={"factors": ["x"]}, drivers=[fixed("x", 2)]))
    with pytest.raises(ModelFileError, match="no line uses these rates"):
        ggu.open_programme(worked(hourly_rates=[rates(), rates("meer")]))


def test_rates_of_the_state_are_marked_and_a_result_is_saved_with_its_steps(tmp_path):
    result = ggu.open_programme(worked(hourly_rates=[rates(whose="state")])).simulate()
    assert any("uurtarieven van het Rijk (2024), hier gebruikt voor gemeenten" in note for note in result.notes)
    loaded = ggu.load_result(result.save(tmp_path / "r"))
    for ask in ("steps", "functions"):
        ggu_frame = getattr(loaded, ask)()
        assert ggu_frame.equals(getattr(result, ask)())


def test_the_page_has_steps_functions_and_the_product():
    report = ggu.open_programme(worked()).report()
    names = [table.name for table in report.tables]
    assert {"price_times_volume", "cost_by_step", "cost_by_function"} <= set(names)


def test_volume_per_inhabitant_and_a_programme_without_steps():
    part = scm(INTAKE, cases={"value": 0.01, "unit": "number", **OURS}, usual=0)
    made = line("l", amount=None, key=None, per="inhabitants", scm=part)
    result = ggu.open_programme(programme(made, hourly_rates=[rates()])).simulate()
    by_hand = PEOPLE * 0.01 * 1.5 * 66.60
    np.testing.assert_allclose(result.by_municipality("one_off")["mean"], by_hand, rtol=1e-12)
    with pytest.raises(ggu.InputError, match="no line of this programme is stated by steps"):
        ggu.open_programme(programme()).simulate().steps()


def test_a_sample_of_another_line_has_its_error_and_has_to_be_there():
    strata = [{"label": str(label), "asked": 2, "x": [1_000, 2_000], "y": [3_000, 5_000]} for label in range(1, 9)]
    shared = {"sample": {"of": "a", **FROM_2024, "price_level": "2024"}, "amount": None, "key": None}
    first = line("a", amount=None, key=None, sample={"strata": strata, **FROM_2024, "price_level": "2024"})
    made = ggu.open_programme(programme(first, line("b", **shared))).assembly()
    assert [driver.name for driver in made.drivers] == ["steekproef_a"]
    with pytest.raises(ModelFileError, match="no sample in 'c'"):
        ggu.open_programme(programme(first, line("b", **(shared | {"sample": shared["sample"] | {"of": "c"}}))))


def test_rates_are_read_from_a_file_of_the_user(tmp_path):
    """As by hand above, at the rates of a file with a decimal comma; what is wrong with one is told at once."""
    (tmp_path / "tarieven.csv").write_text("Schaal;Uurtarief\nconsulent;66,60\njurist;€ 91,20\n", encoding="utf-8")
    given = {"id": "tarieven", "year": 2024, "whose": "state", "overhead": "included", **OURS}
    table = read_rates(tmp_path / "tarieven.csv", productive_hours=1_363, **given)
    result = ggu.open_programme(worked(hourly_rates=[table])).simulate()
    assert result.steps()["mean"].tolist() == pytest.approx([299_700, 45_600, 24_000])
    assert any("uurtarieven van het Rijk" in note for note in result.notes)
    (tmp_path / "fout.csv").write_text("Schaal;Uurtarief\na;5.000,00\na;60\n;x\n", encoding="utf-8")
    with pytest.raises(ggu.InputError) as caught:
        read_rates(tmp_path / "fout.csv", **given)
    for said in ("a rate of a day", "'a' twice", "no function", "'x'"):
        assert said in str(caught.value), said
    with pytest.raises(ggu.InputError, match="none of the columns"):
        read_rates([{"wie": "a", "wat": 1}], **given)


def test_rates_by_data_take_the_place_of_those_in_the_file(tmp_path):
    """3,000 cases: 4,500 hours at 70.00 is 315,000 and 500 at 100.00 is 50,000; what does not fit is told at once."""
    (tmp_path / "eigen.csv").write_text(
        "Functie;Jaar;Uurtarief\nconsulent;2024;70,00\njurist;2024;100\nchef;2024;150\n"
    )
    programme = ggu.open_programme(worked(), {"tarieven": tmp_path / "eigen.csv"})
    result = programme.simulate()
    assert result.steps()["mean"].tolist() == pytest.approx([315_000, 50_000, 24_000])
    assert set(result.provenance["inputs"]) == {"tarieven"}
    same = ggu.open_programme(worked(), {"tarieven": tmp_path / "eigen.csv"})
    assert hash(programme) == hash(same)
    assert programme == same != ggu.open_programme(worked())
    wrong = [
        {"functie": "consulent", "jaar": 2023, "uurtarief": 70},
        {"functie": "juristt", "jaar": 2024, "uurtarief": 5_000},
    ]
    with pytest.raises(ggu.InputError) as caught:
        ggu.open_programme(worked(), {"tarieven": wrong})
    for said in ("a rate of 2023", "give the lines an index", "a rate of a day"):
        assert said in str(caught.value), said
    with pytest.raises(ggu.InputError, match="jurist: no rate"):
        ggu.open_programme(worked(), {"tarieven": [{"functie": "consulent", "uurtarief": 70}]})
