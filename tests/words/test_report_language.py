"""``report(lang=...)``: what a model, a comparison and a result say, in a language, asked in Python."""

from __future__ import annotations

import pytest

import ggu_costs as ggu
from ggu_costs.catalogue import compare_models
from ggu_costs.errors import UnknownNameError


def test_a_model_says_its_report_in_a_language() -> None:
    fee = ggu.open_model("fees/vng-contributie/2024")
    for municipality in (None, "GM0345"):
        nl, en = (fee.report(municipality, lang=lang) for lang in ("nl", "en"))
        assert nl.answer is not None
        assert en.answer is not None
        assert "per inwoner" in nl.answer.sentence
        assert "per inhabitant" in en.answer.sentence
        assert [table.name for table in nl.tables] == [table.name for table in en.tables]
    with pytest.raises(UnknownNameError, match="unknown language 'EN'"):
        fee.report(lang="EN")


def test_a_comparison_does() -> None:
    fees = [ggu.open_model(f"fees/vng-contributie/{year}") for year in (2023, 2024)]
    found = compare_models(*fees)
    answer = found.report("GM0345", lang="en").answer
    assert answer is not None
    assert "€7,858.05 more than the €104,490.75" in answer.sentence
    with pytest.raises(UnknownNameError, match="unknown language 'de'"):
        found.report(lang="de")
    budget = found.report().frames["budget"]  # this year beside the next
    assert budget.loc["unsplit_cost", ["2023", "2024"]].tolist() == [26_167_351.06, 27_939_447.04]


def test_results_in_python_say_their_answer_first() -> None:
    case = ggu.open_model("procurement/example-specialised-care")
    split, rules = case.split("equal"), case.compare_rules()
    assert "Samen betalen 342 deelnemers € 3.450.620,00 (verdeelregel: gelijke delen)" in split.sentence()
    assert str(split).startswith("Together 342 participants pay €3,450,620.00 (rule: equal parts)")
    assert str(split).endswith("[FICTIEF VOORBEELD]")
    assert split._repr_html_().startswith("<p>Samen betalen 342 deelnemers")
    assert rules._repr_html_().startswith(f"<p>Van de {len(rules.splits)} verdeelregels")
    for result in (split, rules):
        answer = result.report(lang="en").answer
        assert answer is not None
        assert answer.sentence == result.sentence("en")
    saved = split.to_frame()["saving"].sum()
    assert f"€{saved:,.2f} less than alone" in split.sentence("en")


def test_a_settlement_has_a_report() -> None:
    settled = ggu.open_model("funds/ggu/2020").settle(51_300_000, year=2020)
    report = settled.report()
    assert report.answer is not None
    assert report.answer.sentence.startswith("Bij de afrekening betalen alle gemeenten samen € 1.000.000,00 minder")
    assert "0 betalen bij, 355 krijgen geld terug" in report.answer.sentence
    assert report.frames["result"]["settlement"].sum() == pytest.approx(-1_000_000)
    assert settled.report(lang="en").answer != report.answer
