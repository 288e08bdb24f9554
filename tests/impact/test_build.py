"""From file to amounts: every way in which a line falls on municipalities, worked out by hand beside it."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from programme_files import CLASSES, EURO, OURS, PEOPLE, amounts, driver, euro, fixed, key, line, programme, share

import ggu_costs as ggu
from ggu_costs.errors import InputError, MissingInputError
from ggu_costs.impact.programme.affine_terms import AffineTerms
from ggu_costs.impact.programme.assembly import SIGNS
from ggu_costs.impact.programme.build_drivers import affine
from ggu_costs.impact.programme.notes import notes_of


def test_key_scale_base_and_classes():
    by_key = amounts(programme(line("a", key=key(inhabitants=0.75, equal=0.25))))
    assert by_key[0] == pytest.approx(1e6 * (0.75 * PEOPLE / PEOPLE.sum() + 0.25 / 342))
    scale = {"base": "inhabitants", "exponent": {"constant": 0.5, "unit": "share"} | OURS} | OURS
    scaled = amounts(programme(line("a", key=None, scale=scale)))
    assert scaled[0] == pytest.approx(1e6 * np.sqrt(PEOPLE) / np.sqrt(PEOPLE).sum())
    per = line(
        "a",
        key=None,
        per="inhabitants",
        amount=euro(2, unit="EUR/inhabitant"),
        exponent={"constant": 0.9, "unit": "share"} | OURS,
    )
    assert amounts(programme(per))[0] == pytest.approx(2 * PEOPLE**0.9)
    each = amounts(programme(line("a", key=None, per="municipality")))
    assert (each == 1e6).all()
    table = {str(number): 1000.0 * number for number in range(1, 9)}
    classes = amounts(programme(line("a", amount=None, key=None, classes={"amounts": table} | EURO)))
    assert classes[0] == pytest.approx([1000.0 * int(label) for label in CLASSES])
    tariff = {"brackets": [0, 50_000], "rates": [1, 0.5]} | EURO
    by_tariff = amounts(programme(line("a", amount=None, key=None, tariff=tariff)))
    assert by_tariff[0] == pytest.approx(np.minimum(PEOPLE, 5e4) + 0.5 * np.maximum(PEOPLE - 5e4, 0))


def test_an_input_stands_where_a_column_may():
    own = ggu.municipalities(2024)["inhabitants"] * 2.0
    inputs = {"cases": {"unit": "count", "description": "zaken", "scope": "municipality"}}
    tables = programme(line("a", key=None, per="cases", amount=euro(3, unit="EUR/unit")), inputs=inputs)
    assert amounts(tables, data={"cases": own})[0] == pytest.approx(6 * PEOPLE)
    with pytest.raises(MissingInputError, match="cases"):
        ggu.open_model(tables).simulate()
    brought = {"cost": {"unit": "EUR", "description": "kosten", "scope": "municipality"}}
    amount = {"input": "cost", "unit": "EUR"} | EURO
    tables = programme(line("a", key=None, per="municipality", amount=amount), inputs=brought)
    assert amounts(tables, data={"cost": own})[0] == pytest.approx(2 * PEOPLE)
    shared_out = programme(line("a", amount=amount), inputs=brought)
    with pytest.raises(InputError, match=r"lines.a.key: an amount per municipality with a key; allowed: per = 'munic"):
        ggu.open_model(shared_out, {"cost": own}).assembly()
    brought["cost"]["scope"] = "national"
    assert amounts(programme(line("a", amount=amount), inputs=brought), data={"cost": 500}).sum() == pytest.approx(500)


def test_factors_remainders_and_division():
    drivers = [fixed("p", 0.25), fixed("q", 4), driver("u"), driver("v", low=0.1, high=1)]
    made = line("a", factors=["u", "q"], divided_by=["v"], remainder_of=["p", "v"])
    values = {"u": np.array([[2.0], [1.5]]), "v": np.array([[0.5], [0.25]])}
    found = amounts(programme(made, drivers=drivers), values=values).sum(axis=1)
    u, v = values["u"][:, 0], values["v"][:, 0]
    assert found == pytest.approx(1e6 * 4 * u / v * 0.75 * (1 - v))


def test_years_profiles_adoption_and_index():
    made = line("a", nature="structural", profile=share(y2024=0.25, y2025=1))
    assert amounts(programme(made), "year:2024").sum() == pytest.approx(0.25e6)
    assert amounts(programme(made), "structural").sum() == pytest.approx(1e6)
    assert amounts(programme(line("a")), "year:2025").sum() == 0
    by_year = line("a", amount={"years": {"2024": 5, "2025": 7}, "unit": "EUR"} | EURO)
    assert amounts(programme(by_year), "year:2025").sum() == pytest.approx(7)
    assert amounts(programme(by_year), "one_off").sum() == pytest.approx(12)
    adoption = {
        "midpoint": {"constant": 1.5, "unit": "count"} | OURS,
        "steepness": {"constant": 2, "unit": "share"} | OURS,
    }
    level = [1 / (1 + np.exp(-2 * (year - 1.5))) for year in (1, 2)]
    grown = programme(line("a", nature="structural", adoption=adoption))
    assert amounts(grown, "year:2024").sum() == pytest.approx(1e6 * level[0])
    paid = programme(line("a", adoption=adoption))
    assert amounts(paid, "year:2025").sum() == pytest.approx(1e6 * (level[1] - level[0]))


@pytest.mark.parametrize(
    ("base", "rates", "first", "second"),
    [
        (2023, {"2024": 0.1, "2025": 0.25}, 1.1, 1.1 * 1.25),
        (2024, {"2025": 0.25}, 1, 1.25),
        (2025, {"2025": 0.25}, 1 / 1.25, 1),
        (2026, {"2025": 0.25, "2026": 0.6}, 1 / (1.25 * 1.6), 1 / 1.6),
    ],
)
def test_an_index_runs_from_the_price_level_of_the_amount(base, rates, first, second):
    """Forwards and backwards, by rates per year; with one rate as a power."""
    current = {"prices": "current", "price_level": None}
    index = {"series": "imoc", "base_year": base} | OURS
    made = line("a", nature="structural", amount=euro(1e6, price_level=str(base)))
    by_year = programme(made | {"index": index | {"rates": rates}}, programme=current)
    assert amounts(by_year, "year:2024").sum() == pytest.approx(1e6 * first)
    assert amounts(by_year, "year:2025").sum() == pytest.approx(1e6 * second)
    one = programme(made | {"index": index | {"rate": "g"}}, programme=current, drivers=[fixed("g", 0.1)])
    assert amounts(one, "year:2025").sum() == pytest.approx(1e6 * 1.1 ** (2025 - base))


def test_totals_are_discounted_and_years_are_not():
    rate = {"rate": 0.1, "kind": "real", "base_year": 2023, "unit": "share"} | OURS
    tables = programme(line("a", nature="structural"), programme={"discount": rate})
    assert amounts(tables, "net").sum() == pytest.approx(1e6 / 1.1 + 1e6 / 1.21)
    assert amounts(tables, "year:2025").sum() == pytest.approx(1e6)
    assert amounts(tables, "line:a").sum() == pytest.approx(2e6)
    assert amounts(tables, "line:a:2025").sum() == pytest.approx(1e6)


def test_signs():
    lines = [
        line("a"),
        line("b", kind="benefit", nature="structural", amount=euro(100_000)),
        line("c", kind="compensation", instrument="algemene_uitkering", amount=euro(300_000)),
    ]
    expected = {
        "net": 500_000, "gross": 800_000, "cost": 1e6, "benefit": 200_000, "compensation": 300_000, "one_off": 1e6,
        "structural": -100_000, "one_off_net": 700_000, "structural_net": -100_000, "one_off_compensation": 300_000,
        "structural_compensation": 0, "one_off_cost": 1e6, "structural_income": 100_000,
    }  # fmt: skip
    for quantity, value in expected.items():
        assert amounts(programme(*lines), quantity).sum() == pytest.approx(value)


@pytest.mark.parametrize(
    ("state", "factor"), [("incl", 1 - 0.21 / 1.21 * 0.8), ("excl", 1 + 0.21 * 0.2), ("none", 1), ("unknown", 1)]
)
def test_recoverable_vat(state, factor):
    vat = {"rate": {"value": 0.21, "unit": "share"} | OURS, "recoverable_share": {"value": 0.8, "unit": "share"} | OURS}
    tables = programme(line("a", amount=euro(1_000_000, vat=state)), programme={"vat": vat})
    assert amounts(tables).sum() == pytest.approx(1e6 * factor)


@pytest.mark.parametrize(("state", "factor"), [("incl", 1 - 0.105 / 1.105 * 0.8), ("excl", 1 + 0.105 * 0.2)])
def test_vat_on_a_taxed_share(state, factor):
    """As in a fund: where half is taxed at 21 per cent, the rate over all of it is 10.5 per cent."""
    shares = {"rate": 0.21, "taxed_share": 0.5, "recoverable_share": 0.8}
    vat = {name: {"value": share, "unit": "share"} | OURS for name, share in shares.items()}
    tables = programme(line("a", amount=euro(1_000_000, vat=state)), programme={"vat": vat})
    assert amounts(tables).sum() == pytest.approx(1e6 * factor)


def test_recoverable_vat_per_municipality_is_an_input():
    need = {"share": {"unit": "share", "description": "deel", "scope": "either", "optional": True}}
    returned = {"input": "share", "unit": "share"} | OURS
    scale = {"base": "inhabitants", "exponent": {"constant": 0.5, "unit": "share"} | OURS} | OURS
    vat = {"rate": {"value": 0.21, "unit": "share"} | OURS, "recoverable_share": returned}
    tables = programme(line("a", amount=euro(1_000_000, vat="incl")), programme={"vat": vat}, inputs=need)
    assert amounts(tables).sum() == pytest.approx(1e6)
    model = ggu.open_model(tables)
    assert any("Compensabele btw is PM" in note for note in notes_of(model.definition, model.inputs))
    assert model.assembly().notes == ()
    both = line("a", amount=euro(1_210_000, vat="incl")), line("b", amount=euro(1_000_000, vat="excl"))
    mixed = programme(*both, programme={"vat": vat}, inputs=need)  # before recovery all amounts are with VAT
    assert amounts(mixed).sum() == pytest.approx(2_420_000)
    opened = ggu.open_model(mixed)
    assert "Bedragen exclusief btw zijn met de btw verhoogd." in notes_of(opened.definition, opened.inputs)
    assert amounts(mixed, data={"share": 1.0}).sum() == pytest.approx(2_000_000)
    own = ggu.municipalities(2024)["inhabitants"] * 0.0
    own.iloc[0] = 1.0
    found = amounts(tables, data={"share": own})[0]
    assert found[0] == pytest.approx(1e6 * PEOPLE[0] / PEOPLE.sum() / 1.21)
    assert found[1] == pytest.approx(1e6 * PEOPLE[1] / PEOPLE.sum())
    scaled = programme(
        line("a", key=None, scale=scale, amount=euro(1_000_000, vat="incl")), programme={"vat": vat}, inputs=need
    )
    assert amounts(scaled, data={"share": 1.0}).sum() == pytest.approx(1e6 / 1.21)
    with pytest.raises(InputError, match="a scale with an amount or recoverable share per municipality"):
        ggu.open_model(scaled, {"share": own}).assembly()


def test_alternatives_with_participants():
    big = {"column": "size_class", "labels": ["8"]} | OURS
    lines = [line("a", who="participants"), line("b", who="others"), line("c")]
    alternatives = [
        {"id": "samen", "name": "samen", "lines": ["a", "b", "c"], "participants": big} | OURS,
        {"id": "zelf", "name": "zelf", "lines": ["c"]} | OURS,
    ]
    tables = programme(*lines, alternatives=alternatives)
    inside = CLASSES == "8"
    found = amounts(tables, "line:a")[0]
    assert found[inside] == pytest.approx(1e6 * PEOPLE[inside] / PEOPLE[inside].sum())
    assert (found[~inside] == 0).all()
    assert amounts(tables, "line:b")[0][~inside].sum() == pytest.approx(1e6)
    assert amounts(tables, "net").sum() == pytest.approx(3e6)
    assert amounts(tables, "net", "samen - zelf").sum() == pytest.approx(2e6)
    made = ggu.open_model(tables).assembly()
    assert len(made.terms) == 3  # a line on the same municipalities is there once
    assert made.alternative("samen").participants == tuple(np.array(made.units)[inside])


def test_without_the_part_of_municipalities_only_the_nation():
    need = {"deel": {"unit": "share", "description": "deel", "scope": "national", "optional": True}}
    part = {"municipal_share": {"input": "deel", "unit": "share"} | OURS}
    scale = {"base": "inhabitants", "exponent": "x"} | OURS
    lines = [
        line("a"),
        line("b", key=None, scale=scale),
        line("c", key=None, per="inhabitants", amount=euro(1, unit="EUR/inhabitant")),
    ]
    tables = programme(*lines, drivers=[driver("x", low=0.5, high=1)], programme=part, inputs=need)
    made = ggu.open_model(tables).assembly()
    assert made.national
    assert made.units == ("NL",)
    assert amounts(tables).sum(axis=1) == pytest.approx(2e6 + PEOPLE.sum())
    assert amounts(tables, data={"deel": 0.4}).sum(axis=1) == pytest.approx(0.4 * (2e6 + PEOPLE.sum()))
    local = programme(
        line("a", factors=["y"]), drivers=[driver("y", level="municipality")], programme=part, inputs=need
    )
    with pytest.raises(InputError, match="nation, while only national figures"):
        ggu.open_model(local).assembly()
    sized = line("a", key=None, per="inhabitants", amount=euro(1, unit="EUR/inhabitant"), exponent="x")
    with pytest.raises(InputError, match="moves with size"):
        ggu.open_model(programme(sized, drivers=[driver("x")], programme=part, inputs=need)).assembly()


def test_affine_numbers():
    size = np.array([36_000.0, 72_000.0])
    terms = AffineTerms(
        constant=1,
        drivers={"x": 1, "k": 2},
        unit="share",
        size={"coefficient": Decimal("-0.3"), "reference": 36_000},
        **OURS,
    )
    made = affine(terms, {"k": 0.5}, size)
    assert (made.constant, made.drivers) == (2.0, (("x", 1.0),))
    assert made.by_unit == pytest.approx([0, -0.3 * np.log(2)])


def test_correlated_drivers_become_one_matrix():
    pairs = [
        {"drivers": pair, "rank": rank, "unit": "share"} | OURS for pair, rank in ((["x", "y"], 0.5), (["z", "y"], 0.2))
    ]
    made = ggu.open_model(
        programme(line("a", factors=["x", "y", "z"]), drivers=[driver(n) for n in "xyz"], correlations=pairs)
    ).assembly()
    (part,) = made.correlations
    assert part.names == ("x", "y", "z")
    assert part.matrix == pytest.approx(np.array([[1, 0.5, 0], [0.5, 1, 0.2], [0, 0.2, 1]]))
    drivers = [driver("x"), *(driver(n, unused=True, reason="proef") for n in "yz")]
    unused = ggu.open_model(programme(line("a", factors=["x"]), drivers=drivers, correlations=pairs)).assembly()
    assert unused.correlations == ()
    assert [part.name for part in unused.drivers] == ["x"]


def test_correlations_by_a_matrix():
    """Between normal scores as stated; a rank correlation of the same set is carried to them."""
    rows = [[1, 0.5, -0.25], [0.5, 1, 0], [-0.25, 0, 1]]
    parts = [
        {"drivers": ["z", "x", "y"], "matrix": rows, "measure": "normal"} | OURS,
        {"drivers": ["x", "w"], "rank": 0.5, "unit": "share"} | OURS,
    ]
    tables = programme(line("a", factors=list("wxyz")), drivers=[driver(n) for n in "wxyz"], correlations=parts)
    (part,) = ggu.open_model(tables).assembly().correlations
    assert (part.kind, part.names) == ("normal", ("w", "x", "y", "z"))
    carried = 2 * np.sin(np.pi / 12)
    exact = [[1, carried, 0, 0], [carried, 1, 0, 0.5], [0, 0, 1, -0.25], [0, 0.5, -0.25, 1]]
    assert part.matrix == pytest.approx(np.array(exact))
    ranks = tables | {"correlations": [parts[0] | {"measure": "rank"}, parts[1]]}
    (part,) = ggu.open_model(ranks).assembly().correlations
    assert part.kind == "rank"
    assert part.matrix[0, 1] == 0.5


def test_selecting_lines_is_by_sign():
    made = ggu.open_model(programme(line("a"))).assembly()
    assert SIGNS[made.roles["a"].kind] == 1.0
