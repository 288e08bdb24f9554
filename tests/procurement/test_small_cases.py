"""What each small example says that it teaches, held to its figures."""

from __future__ import annotations

import pytest

import ggu_costs as ggu
from ggu_costs.procurement import ProcurementCase
from ggu_costs.procurement.take_up import along_the_curve

NAMES = ("moving-service", "death-notices", "data-dashboards", "datalabs", "gibit", "data-hub", "debt-signals")


def example(name: str) -> ProcurementCase:
    return ggu.open_case(f"procurement/example-{name}")


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_teaches_in_three_sentences(name: str) -> None:
    definition = example(name).definition
    made_up, *sentences = definition.description.strip().replace("\n", " ").split(". ")
    assert made_up == "FICTIEF VOORBEELD"
    assert len(sentences) == 3
    assert definition.illustrative


def test_who_is_small_gains_most_by_inhabitant_where_cost_is_fixed() -> None:
    case = example("moving-service")
    split = case.split("shapley").to_frame()
    gain = (split["alone"] - split["share"]) / split["inhabitants"]
    assert gain.idxmax() == split["inhabitants"].idxmin()
    assert case.stability(case.split("shapley")).stable
    assert not case.stability(case.split("inhabitants")).stable


def test_a_tier_gives_the_small_a_higher_price_by_shapley_and_all_one_price_by_average() -> None:
    case = example("death-notices")
    volume = case.setup.volumes["notices"]
    price = case.split("average").values / volume
    assert price.max() - price.min() < 0.01  # whole cents
    by_shapley = case.split("shapley").values / volume
    assert by_shapley[volume.argmin()] > by_shapley[volume.argmax()]


def test_who_needs_the_core_pays_for_the_core_only() -> None:
    split = example("data-dashboards").split("shapley").to_frame()
    small = split[split["inhabitants"] < 50_000]
    assert small["share"].tolist() == pytest.approx([180_000 / 16 + 3_500] * len(small), abs=0.01)
    by_people = example("data-dashboards").split("inhabitants").to_frame()["share"]
    assert by_people[small.index].max() > small["share"].max()


def test_a_lab_falls_on_its_province() -> None:
    case = example("datalabs")
    split, provinces = case.split("shapley").to_frame(), ggu.municipalities(2026)["province"]
    count = provinces[split.index].value_counts()
    expected = [210_000 / 16 + 12_000 + 75_000 / count[provinces[code]] for code in split.index]
    assert split["share"].tolist() == pytest.approx(expected, abs=0.01)


def test_terms_cost_more_than_they_bring_at_first() -> None:
    saving = along_the_curve(example("gibit"))["saving"]
    assert saving.iloc[0] < 0 < saving.iloc[-1]
    assert saving.is_monotonic_increasing


def test_base_by_head_and_messages_by_use() -> None:
    case = example("data-hub")
    split = case.split().to_frame()
    use = case.setup.volumes["messages"]
    cost = 300_000 * 0.11 + (use.sum() - 300_000) * 0.07
    expected = (420_000 + 2_800 * 16) / 16 + cost * use / use.sum()
    assert split["share"].tolist() == pytest.approx(expected.tolist(), abs=0.01)


def test_more_signals_raise_both_bills() -> None:
    case = example("debt-signals")
    signals = case.setup.volumes["signals"]
    assert float(signals.sum()) == pytest.approx(0.056 * case.setup.parties.people.sum(), abs=16)
    assert (case.setup.known_alone > 18_000).all()
    assert case.business_case().saving > 0
