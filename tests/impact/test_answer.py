"""What is said first of every shipped programme, computed again from the model file and the result."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import pytest
from programme_files import NONE, line, programme

import ggu_costs as ggu
from ggu_costs.catalogue import model_files
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.funding import unknown_natures
from ggu_costs.impact.first import answer_of
from ggu_costs.words.messages import say

PROGRAMMES = [name for name in model_files() if name.startswith("programmes/")]
MILLIONS = {"nl": "{} mln", "en": "{} million"}
BILLIONS = {"nl": "{} mld", "en": "{} billion"}
DIRECTION = {"nl": {1: "hogere lasten", -1: "lagere lasten"}, "en": {1: "higher", -1: "lower"}}


@cache
def said(name):
    """A result on the draws of the file, and its answer."""
    result = ggu.open_model(name).simulate()
    return result, answer_of(result)


def written(amount, lang):
    """A published amount as a reader of the source would write it."""
    size = abs(Decimal(str(amount)))
    unit, words = (Decimal(10) ** 9, BILLIONS) if size >= 10**9 else (Decimal(10) ** 6, MILLIONS)
    figure = f"{(size / unit).normalize():f}"
    figure = figure.replace(".", ",") if lang == "nl" else figure
    return words[lang].format(f"€ {figure}" if lang == "nl" else f"€{figure}")


def whole(answer, lang):
    texts = [answer.sentence, *answer.more, *answer.outside]
    texts += [text for tile in answer.tiles for text in (tile.name, tile.value, tile.basis)]
    return "\n".join(say(text, lang) for text in texts)


@pytest.mark.compiled
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", PROGRAMMES)
def test_what_was_published_leads(name, lang):
    result, answer = said(name)
    first = next(iter(result.alternatives))
    sentence = say(answer.sentence, lang)
    for item in result.definition.published:
        ends = [float(str(value.value)) for value in item.figures().values()]
        for amount in ends:
            assert written(amount, lang) in whole(answer, lang)
            if len(result.alternatives) == 1 and (item.alternative or first) == first:
                assert written(amount, lang) in sentence
        if len(result.alternatives) == 1 and max(ends) > 0:
            assert DIRECTION[lang][1] in sentence


@pytest.mark.compiled
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_alternative_is_named_with_its_difference(name, lang):
    """On common draws, the other minus the first, with the sign in words."""
    result, answer = said(name)
    if len(result.alternatives) == 1:
        pytest.skip("one alternative")
    first, *others = result.alternatives
    sentence = say(answer.sentence, lang)
    for other in others:
        assert result.alternatives[other] in sentence
        quantity = "net" if "contante waarde" in answer.sentence else "structural"
        quantity = quantity if quantity != "net" or not unknown_natures(result) else "gross"
        mean = result.alternative(other).difference(first).national(quantity)["mean"].iloc[0]
        assert DIRECTION[lang][1 if mean > 0 else -1] in sentence
    assert result.alternatives[first] in sentence


@pytest.mark.compiled
@pytest.mark.parametrize("name", PROGRAMMES)
def test_what_is_outside_is_named_and_no_net_is_told(name):
    result, answer = said(name)
    outside = " ".join(answer.outside)
    for one in result.definition.lines:
        assert not one.pm or one.name in outside
    paid = any(one.kind == "compensation" for one in result.definition.lines)
    assert paid or "Compensatie van het Rijk" in outside
    for text in result.definition.outside:
        assert text in answer.outside
    if not paid:
        assert not {"net", "one_off_net", "structural_net"} & set(result.national().index)
        assert result.assembly.national or result.by_municipality("net")["probability_of_loss"].isna().all()
        with pytest.raises(InputError, match="compensation is not stated"):
            result.probability("net")
    assert len(answer.tiles) <= 3
    basis = [("na compensatie" in tile.basis, "vóór compensatie" in tile.basis) for tile in answer.tiles]
    assert len(set(basis)) == 1  # never two bases in one row


@pytest.mark.compiled
def test_omgevingswet_leads_with_what_was_published():
    result, answer = said("programmes/omgevingswet/2021")
    nl, en = whole(answer, "nl"), whole(answer, "en")
    assert "incidenteel € 1,1 mld tot € 1,7 mld hogere lasten; structureel" in answer.sentence
    assert "de bron geeft geen middenraming" in answer.sentence
    assert "van € 168 mln lagere tot € 35 mln hogere lasten" in answer.sentence
    assert "from €168 million lower to €35 million higher" in say(answer.sentence, "en")
    for low, high in ((136, 3), (158, 25), (197, 64)):  # triangle, uniform, read as P10 to P90
        assert f"van € {low} mln lagere tot € {high} mln hogere lasten" in nl
        assert f"from €{low} million lower to €{high} million higher" in en
    assert re.search(r"driehoek 6% .*uniform 17% .*P10-P90 .* 20%", nl)
    chances = result.readings().loc["structural", "probability_of_loss"]
    assert [round(100 * chance) for chance in chances] == [6, 17, 20]
    for words in ("1.333", "1,333", "kans op nadeel", "Kans op nadeel"):
        assert words not in nl
        assert words not in en


@pytest.mark.compiled
@pytest.mark.parametrize("name", ["programmes/omgevingswet/2021", "programmes/inburgering"])
def test_one_off_and_structural_years_are_not_added_up(name):
    """Nowhere in what a run shows, as a figure or as a row."""
    _, answer = said(name)
    report = ggu.open_model(name).report()
    for frame in report.frames.values():
        assert not {"net", "gross", "cost"} & set(map(str, frame.index))
    told = " ".join([whole(answer, "nl"), *map(str, report.summary), *report.notes])
    assert "149,7" not in told
    assert "1.333" not in told
    for chart in report.charts:
        assert not {"one_off", "structural"} <= set(chart.y)


@pytest.mark.compiled
def test_digital_identity_has_tiles_of_one_basis():
    _, answer = said("programmes/example-digital-identity")
    assert len(answer.tiles) == 3
    for tile in answer.tiles:
        assert "contante waarde 2024-2029 (basisjaar 2024, 3,75% nominaal)" in tile.name
        assert "na compensatie; na aftrek van compensabele btw (BCF); lopende prijzen" in tile.basis
        assert "lagere lasten" in tile.value
    assert any("Terugverdiend in" in text for text in answer.more)
    assert any("annuïteit" in text for text in answer.more)


@pytest.mark.compiled
def test_a_note_of_one_municipality():
    report = ggu.open_model("programmes/omgevingswet/2021").report("GM0345")
    result, _ = said("programmes/omgevingswet/2021")
    own = result.by_municipality("one_off").loc["GM0345", "mean"]
    answer = report.answer
    assert answer.sentence.startswith("Veenendaal: incidenteel naar verwachting circa € ")
    assert f"€ {own / 1e6:.1f} mln hogere lasten".replace(".", ",") in answer.sentence
    assert "geen raming voor deze gemeente" in answer.sentence
    assert "netto" not in answer.sentence


@pytest.mark.compiled
def test_compensation_that_is_nil_is_said_by_a_source():
    nil = ggu.open_model(programme(line("a"), programme={"compensation": NONE})).simulate(draws=64)
    pm = ggu.open_model(programme(line("a"))).simulate(draws=64)
    assert (unknown_natures(nil), unknown_natures(pm)) == ((), ("one_off",))
    assert nil.probability("net") == 1.0
    assert "er is geen compensatie" in answer_of(nil).sentence
    assert "vóór compensatie" in answer_of(pm).sentence
    for wrong in ("none", {"value": "none"}, {"value": "none", "status": "estimated", "by": "ons"}):
        with pytest.raises(InputError, match=r"programme\.compensation"):
            ggu.open_model(programme(line("a"), programme={"compensation": wrong}))


@pytest.mark.compiled
def test_programmes_that_cannot_be_compared_say_why():
    first, second = (ggu.open_model(f"programmes/omgevingswet/{year}") for year in (2021, 2025))
    found = first.compare(second)
    assert set(found.to_frame()["comparable"]) == {"no"}
    text = " ".join(found.differs())
    assert "prijspeil" in text
    assert "2016-2030, 2016-2032" in text
    assert "structureel" in text
    answer = found.report().answer
    assert "niet van elkaar af te trekken" in answer.sentence
    assert "€ 2,1 mld" in " ".join(answer.more)
