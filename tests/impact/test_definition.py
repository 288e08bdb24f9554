"""Bad input: every fault of a programme file at once, each with its key."""

from __future__ import annotations

import pytest
from programme_files import EURO, OURS, driver, euro, key, line, programme, share

import ggu_costs as ggu
from ggu_costs.errors import InputError, ModelFileError
from ggu_costs.impact.programme.notes import notes_of, ranges_read

RANGE = {"status": "published", "source": "besluit", "unit": "EUR", "vat": "unknown", "price_level": "2024"}


def linked(one, other, rank):
    return {"drivers": [one, other], "rank": rank, "unit": "share"} | OURS


def matrix(*rows, names="xy", **more):
    """A programme whose drivers are correlated by a matrix."""
    part = {"drivers": list(names), "matrix": [list(row) for row in rows]} | OURS | more
    return programme(drivers=[driver(name) for name in names], correlations=[part])


def refused(tables, match):
    with pytest.raises(ModelFileError, match=match) as caught:
        ggu.open_model(tables)
    return caught.value


def with_driver(made, **more):
    return programme(line("a", factors=[made["id"]]), drivers=[made], **more)


@pytest.mark.parametrize(
    ("made", "match"),
    [
        (driver("x", low=3, high=1), "low 3 and high 1"),
        (driver("x", "triangular", low=1, mode=4, high=3), "mode 4 and high 3"),
        (driver("x", "triangular", low=1, mode=0, high=3), "low 1 and mode 0"),
        (driver("x", "triangular", p10=1, p50=3, p90=2), "p50 3 and p90 2"),
        (driver("x", "normal", mean=1, sd=0), "sd 0; allowed: above 0"),
        (driver("x", "lognormal", p10=-1, p90=2), "p10 -1 of a lognormal"),
        (driver("x", "lognormal", p50=0, sd_of_log=1), "p50 0 of a lognormal"),
        (driver("x", "lognormal", p50=1, sd_of_log=0), "sd_of_log 0; allowed: above 0"),
        (driver("x", "bernoulli", probability=1.5), "probability 1.5; allowed: 0 to 1"),
        (driver("x", "discrete", values=[1, 2], probabilities=[0.5, 0.4]), "adding up to 1"),
        (driver("x", "empirical"), "no values"),
        (driver("x", "uniform", low=1, high=2, mode=1), "with shape 'uniform'; allowed: low, high"),
        (driver("x", "normal", mean=1, sd=1, values=[1]), "only with discrete and empirical"),
        (driver("x", low=1, high={"value": 2, "unit": "count"} | OURS), "one unit in one driver"),
        (driver("x", "triangular", p10=1, p50=1.9999, p90=2), "no triangular distribution has P10"),
        (driver("x", "bernoulli", probability=1), "probability: 1; allowed: above 0"),
        (driver("x", low=1, high=2, lower=1.5, upper=1.2), "lower 1.5 and upper 1.2"),
        (driver("x", "normal", p10=1, p50=2, p90=5), "no normal distribution has P10 1, P50 2, P90 5"),
        (driver("x", "beta", low=0.2, high=1, p10=0.1, p90=0.5), "low 0.2 and p10 0.1"),
        (driver("x", "pert", p10=1, p50=2, p90=3, concentration=4), "concentration, p10, p50, p90 with shape 'pert'"),
        (driver("x", "pert", low=1, mode=2, high=3, reading="p10_p90", shape_by="ons", second_shape="uniform"),
         "reading 'p10_p90' with a mode"),
        (driver("x", "normal", p10=1, p90=3, reading="p10_p90"), "reading 'p10_p90' without low and high"),
    ],
)  # fmt: skip
def test_drivers_that_cannot_be(made, match):
    tables = with_driver(made)
    kind = InputError if match.startswith(("no ", "probability: 1")) and "values" not in match else ModelFileError
    with pytest.raises(kind, match=match.replace("(", r"\(")):
        ggu.open_model(tables).assembly()


def test_a_published_range_says_how_it_is_read():
    made = {"id": "x", "name": "x", "shape": "uniform", "low": 1, "high": 2} | RANGE
    error = refused(programme(line("a", amount=None, factors=["x"]), drivers=[made]), "reading, shape_by, second_shape")
    assert "A source gives no shape" in str(error)
    made |= {"reading": "min_max", "shape_by": "ons", "second_shape": "normal"}
    refused(programme(line("a", amount=None, factors=["x"]), drivers=[made]), "between a minimum and a maximum")
    made["second_shape"] = "triangular"
    assert ggu.open_model(programme(line("a", amount=None, factors=["x"]), drivers=[made])).assembly().drivers


@pytest.mark.parametrize(
    ("shape", "figures", "reading"),
    [
        ("lognormal", {"p10": 1, "p90": 2}, "P10 en P90"),
        ("normal", {"mean": 2, "sd": 0.1}, "gemiddelde en standaardafwijking"),
        ("lognormal", {"p50": 2, "sd_of_log": 0.1}, "mediaan en spreiding van de logaritme"),
    ],
)
@pytest.mark.parametrize(
    "status", [{"status": "published", "source": "besluit"}, {"status": "derived", "calculation": "uit het besluit"}]
)
def test_a_published_range_says_so_whatever_its_figures(shape, figures, reading, status):  # fmt: skip
    made = {"id": "x", "name": "x", "shape": shape, "unit": "share"} | figures | status
    refused(with_driver(made), "a published range without shape_by, second_shape")
    made |= {"shape_by": "ons", "second_shape": "uniform"}
    model = ggu.open_model(with_driver(made))
    first, second = (model.assembly(second_shape=part).drivers[0].marginal for part in (False, True))
    assert (first.kind, second.kind) == (shape, "uniform")
    notes = notes_of(model.definition, model.inputs)
    assert notes[0].startswith("Onder de aannames")
    (read,) = ranges_read(model.definition)
    assert f"x: gepubliceerde bandbreedte gelezen als {reading};" in read


def test_a_derived_range_says_how_it_is_read():
    made = driver("x", low=1, high=2, status="derived", calculation="uit het besluit")
    refused(with_driver(made), "a published range without reading, shape_by, second_shape")


@pytest.mark.parametrize(
    ("tables", "match"),
    [
        (programme(line("a", factors=["y"]), drivers=[driver("yy")]), "unknown driver 'y'.*Did you mean 'yy'"),
        (programme(line("a", key=None, per="inwoners")), "no column 'inwoners'"),
        (programme(line("a", key=None, per="address_density")), "which is no total"),
        (programme(line("a", key=None, per="inhabitants")), "allowed: a product in EUR/inhabitant"),
        (programme(line("a", amount=euro(1, unit="EUR/inhabitant"))), "by key; allowed: a product in EUR"),
        (programme(line("a", per="municipality")), "per and key given; allowed: exactly one"),
        (programme(line("a", key=None)), "nothing given"),
        (programme(line("a", amount=None)), "no amount"),
        (programme(line("a", kind="compensation")), "an instrument"),
        (programme(line("a", instrument="algemene_uitkering")), "an instrument"),
        (programme(line("a", profile=share(y2024=0.5))), "adds up to 0.5"),
        (programme(line("a", profile=share(y2024=0.5, y2030=0.5))), "years 2030"),
        (programme(line("a", nature="structural", profile=share(y2024=1.5))), "outside 0 to 1"),
        (programme(line("a", amount={"years": {"2024": 5}, "unit": "EUR"} | EURO)), "no amount for 2025"),
        (programme(line("a", key=key(inhabitants=80, equal=20))), "Divide each by 100"),
        (programme(line("a", key=key(inhabitants=0.8))), "add up to 0.8"),
        (programme(line("a", key={"parts": {"equal": 1}, "status": "enacted"})), "lines.a.key: status 'enacted' wit"),
        (programme(line("a", key={"parts": {"equal": 1}})), "lines.a.key: no status; allowed: status, with source"),
        (programme(line("a", amount=euro(1, price_level="2020"))), "price level '2020' in a programme at '2024'"),
        (programme(line("a"), line("a")), "id 'a' 2 times"),
        (programme(years=[2024, 2026]), "without gaps"),
        (programme(programme={"structural_year": 2030}), "structural_year"),
        (programme(programme={"price_level": None}), "constant prices without price_level"),
        (programme(simulation={"draws": 1000, "method": "sobol"}), "a power of two"),
        (programme(simulation={"draws": 0}), "simulation.draws"),
        (programme(simulation={"seed": None}), "simulation.seed"),
        (
            programme(drivers=[driver("x"), driver("y")], correlations=[linked("x", "y", 1.5)]),
            "rank correlation 1.5; allowed: -1 to 1",
        ),
        (
            programme(drivers=[driver("x"), driver("y", level="municipality")], correlations=[linked("x", "y", 0.5)]),
            "drivers of one level",
        ),
        (
            programme(drivers=[driver("x")], correlations=[linked("x", "z", 0.5)]),
            "unknown driver 'z'",
        ),
        (matrix([1, 0.5], [0.5, 1], rank=0.5, unit="share"), "rank and matrix; allowed: one of the two"),
        (matrix([1, 0.5], [0.5, 1], by=""), "a matrix without status and by"),
        (matrix([1, 0.5], [0.5]), "rows of 2, 1; allowed: 2 rows of 2"),
        (matrix([1, 0.5], [0.4, 1]), "0.5 and 0.4 for x and y; allowed: one correlation"),
        (matrix([1, 0.5], [0.5, 0.9]), "0.9 on the diagonal of y; allowed: 1"),
        (matrix([1, 1.5], [1.5, 1]), "correlation 1.5 of x and y; allowed: -1 to 1"),
        (matrix([1, 0.5], [0.5, 1], names="xx"), "x and x; allowed: two drivers, each pair once"),
        (matrix(), "no correlation; allowed: rank, or a matrix"),
        (
            programme(
                drivers=[driver("x"), driver("y")], correlations=[linked("x", "y", 0.5) | {"measure": "normal"}]
            ),
            "rank with measure 'normal'; allowed: a matrix",
        ),
        (programme(alternatives=[{"id": "b", "name": "b", "lines": ["invoer"]} | OURS]), "Did you mean 'invoering'"),
        (
            programme(line("a", who="others"), alternatives=[{"id": "b", "name": "b", "lines": ["a"]} | OURS]),
            "falls on others; allowed: participants",
        ),
        (
            programme(published=[{"id": "p", "name": "p", "of": "x", "reading": "point", "value": 1} | RANGE]),
            "one_off, structural, or the id of a line",
        ),
        (
            programme(published=[{"id": "p", "name": "p", "of": "one_off", "reading": "min_max", "value": 1} | RANGE]),
            "value with reading 'min_max'; allowed: high, low",
        ),
    ],
)  # fmt: skip
def test_files_that_cannot_be(tables, match):
    refused(tables, match)


def discount(**more):
    return {"rate": 0.02, "kind": "real", "base_year": 2024, "unit": "share"} | OURS | more


def spread(**more):
    """A line by another way than a key."""
    return programme(line("a", amount=None, key=None) | more)


def measured(place, unit, coefficient=1):
    """A line with a driver in a unit at one place."""
    number = {"drivers": {"x": coefficient}} | OURS
    one = {"constant": 1, "unit": "number"} | OURS
    parts = {
        "remainder_of": {"remainder_of": ["x"]},
        "divided_by": {"divided_by": ["x"]},
        "exponent": {"key": None, "per": "inhabitants", "amount": euro(1, unit="EUR/inhabitant"), "exponent": number},
        "midpoint": {"adoption": {"midpoint": number, "steepness": one}},
        "steepness": {"adoption": {"midpoint": {"constant": 1, "unit": "years"} | OURS, "steepness": number}},
        "rate": {"index": {"series": "imoc", "base_year": 2024, "rate": number} | OURS, "reason": "meer gebruik"},
    }
    money = {"vat": "none", "price_level": "2024"} if unit == "EUR" else {}
    return programme(line("a", **parts[place]), drivers=[driver("x", low=0.5, high=0.9, unit=unit, **money)])


@pytest.mark.parametrize(
    ("place", "wrong", "right"),
    [
        ("remainder_of", "EUR count number years", "share"),
        ("divided_by", "EUR count", "share number"),
        ("exponent", "EUR count years", "share number"),
        ("midpoint", "EUR months share", "years count"),
        ("steepness", "EUR months", "share number count"),
        ("rate", "EUR number", "share"),
    ],
)
def test_a_driver_is_in_a_unit_that_fits_its_place(place, wrong, right):
    for unit in wrong.split():
        refused(measured(place, unit), f"lines.a.*{place}.*'x' in {unit}; allowed: a driver in {right.split()[0]}")
    for unit in right.split():
        assert ggu.open_model(measured(place, unit))
    if place == "midpoint":
        assert ggu.open_model(measured(place, "share", -1))  # the coefficient is in years
    told = measured("midpoint", "years")
    told["lines"][0]["adoption"]["midpoint"] = {"constant": 1, "unit": "EUR"} | EURO
    refused(told, "adoption.midpoint.constant: unit 'EUR'; allowed: years or count")


@pytest.mark.parametrize(
    ("tables", "match"),
    [
        (programme(line("a", amount=euro(-1))), "lines.a: amount -1; allowed: 0 or more. Costs, benefits and"),
        (programme(line("a", amount={"years": {"2024": 1, "2025": -2}, "unit": "EUR"} | EURO)), "amount -2"),
        (programme(line("a", amount={"years": {"2024": 1, "2025": "pm"}, "unit": "EUR"} | EURO)), "mark 'pm' for 2025"),
        (spread(classes={"amounts": {"1": -5, "2": 3}} | EURO), "-5 for 1; allowed: 0 or more"),
        (spread(sample={"strata": [{"label": "4", "asked": 9, "x": [1, 2], "y": [-1, 2]}]} | EURO), "cost -1; allowed"),
        (spread(sample={"strata": [{"label": "4", "asked": 9, "x": [1, 2], "y": [1, 2]}] * 2} | EURO),
         "stratum '4' more than once"),
        (spread(tariff={"brackets": [0, 10], "rates": [-1, 2]} | EURO), r"lines.a.tariff: rates\[0\]: -1"),
        (spread(tariff={"brackets": [5, 10], "rates": [1]} | EURO), "lines.a.tariff: rates: 1 rates for 2 brackets"),
        (spread(tariff={"brackets": [0], "rates": [1], "price": 2} | EURO), "both or neither of brackets and price"),
        (spread(tariff={"price": 2, "free": 1, "fixed": 3} | EURO), "free or fixed; allowed: one of them, with price"),
        (spread(joint={"pools": [{"kind": "fixed", "amount": 5}], "rule": "owen"} | EURO),
         "unions missing with rule 'owen'; allowed: unions with rule 'owen'"),
        (spread(joint={"pools": [{"kind": "fixed", "amount": 5}], "weights": "equal"} | EURO),
         "weights equal with rule 'shapley'"),
        (spread(joint={"pools": [{"kind": "fixed", "amount": 5}], "rule": "serial"} | EURO),
         "rule 'serial' without a volume pool"),
        (spread(tariff={"price": 2} | EURO, factors=["x"]) | {"drivers": [driver("x", unit="EUR") | EURO]},
         "units EUR with tariff; allowed: factors in share; tariff holds the euros"),
        (spread(tariff={"price": 2} | OURS), "amounts without vat or price_level"),
        (spread(tariff={"price": 2, "vat": "none", "price_level": "2024"}), "no status; allowed: status, with source"),
        (spread(tariff={"price": 2} | EURO | {"status": "published"}), "'published' without a source"),
        (spread(tariff={"price": 2} | EURO | {"by": ""}), "'illustrative' without by"),
        (programme(line("a", exponent={"constant": 1, "unit": "share"} | OURS)), "exponent without a base"),
        (programme(line("a", amount={"mark": "unallocated", "unit": "EUR"} | EURO)), "mark 'unallocated'; allowed"),
        (programme(line("a", profile={"value": 1, "unit": "share"} | OURS)), "profile without years"),
        (programme(programme={"discount": discount(rate=-1)}), "rate -1; allowed: a fraction above -1 and below 1"),
        (programme(programme={"discount": discount(rate=2.25)}), "rate 2.25; .* 2.25 per cent is 0.0225"),
        (programme(programme={"discount": discount(unit="count")}), "a rate without a number, or not in share"),
        (programme(programme={"municipal_share": {"value": 1.5, "unit": "share"} | OURS}), "share 1.5; .* is 0.4"),
        (programme(programme={"municipal_share": {"value": 1, "unit": "count"} | OURS}), "without one number in share"),
        (programme(line("a", amount=euro(121, vat="incl")), line("b", amount=euro(100, vat="excl"))),
         "programme.vat: a incl and b excl VAT; allowed: one VAT state"),
    ],
)  # fmt: skip
def test_amounts_and_rates_that_cannot_be(tables, match):
    refused(tables, match)


def test_prices_are_not_mixed():
    refused(programme(programme={"discount": discount(kind="nominal")}), "a nominal discount rate with constant prices")
    current = {"prices": "current", "price_level": None}
    refused(programme(programme=current | {"discount": discount()}), "a real discount rate with current prices")
    refused(programme(programme=current), "no index in current prices; allowed: index, or reason")
    index = {"series": "imoc", "rates": {"2025": 0.03}, "base_year": 2024} | OURS
    assert ggu.open_model(programme(line("a", index=index), programme=current)).assembly().terms
    refused(programme(line("a", index=index)), "an index in constant prices; allowed: reason")
    assert ggu.open_model(programme(line("a", index=index, reason="meer gebruik"))).assembly().terms
    refused(programme(line("a", index=index | {"series": "accres 2024"}, reason="x")), "Accres follows the growth")
    refused(programme(line("a", index=index, reason="x"), years=[2024, 2025, 2026]), "no rate for 2026")
    refused(programme(line("a", index=index | {"rates": {"2025": 2.5}}, reason="x")), "rate 2.5 for 2025; .* above -1")
    later = index | {"base_year": 2026, "rates": {"2025": 0.1}}
    refused(programme(line("a", index=later, reason="x")), "no rate for 2026; allowed: every year from 2025")
    old = line("a", amount=euro(1, price_level="2010"), index=index)
    allowed = "base_year 2024 of an amount at price level 2010; allowed: base_year = 2010, or reason"
    refused(programme(old, programme=current), allowed)
    assert ggu.open_model(programme(old | {"reason": "het bedrag is in 2024 bevestigd"}, programme=current))
    refused(programme(line("a", index=index | {"rate": "x"}, reason="x"), drivers=[driver("x")]), "both or neither")


def test_every_fault_at_once():
    error = refused(
        programme(line("a", factors=["nee"]), line("b", key=None, per="zomaar"), years=[2024, 2026]), "proef"
    )
    assert [fault.where for fault in error.faults][:3] == ["years", "lines.a.factors", "lines.b.per"]


def test_samples_and_pools():
    stratum = {"label": "4", "asked": 1, "x": [1, 2], "y": [1, 2]}
    sample = {"strata": [stratum]} | EURO
    refused(programme(line("a", amount=None, key=None, sample=sample)), "2 answers of 1 asked")
    sample["strata"][0] |= {"asked": 5, "y": [1, 2, 3]}
    refused(programme(line("a", amount=None, key=None, sample=sample)), "one cost for each figure")
    sample["strata"][0] |= {"x": [0, 1, 2]}
    refused(programme(line("a", amount=None, key=None, sample=sample)), "figure 0")
    joint = {"pools": [{"kind": "volume"}]} | EURO
    refused(programme(line("a", amount=None, key=None, joint=joint)), "without column and tiers")


def test_faults_that_show_with_the_figures():
    stratum = {"label": "8", "asked": 50, "x": [1.0] * 40, "y": [1.0] * 40}
    sample = line("a", amount=None, key=None, sample={"strata": [stratum]} | EURO)
    classes = line("b", amount=None, key=None, classes={"amounts": {"1": 5, "9": 5}} | EURO)
    made = ggu.open_model(programme(sample, classes))
    with pytest.raises(InputError, match="50 asked in size_class '8', which has 4") as caught:
        made.simulate()
    text = "; ".join(map(str, caught.value.faults))
    assert "no stratum for size_class 1" in text
    assert "no amount for size_class 2" in text
    assert "size_class '9' does not occur" in text
    nobody = {"codes": ["GM9999"]} | OURS
    theirs = line("invoering", who="participants")
    alternative = {"id": "b", "name": "b", "lines": ["invoering"]} | OURS
    tables = programme(theirs, alternatives=[alternative | {"participants": nobody}])
    with pytest.raises(InputError, match="GM9999"):
        ggu.open_model(tables).simulate()
    brabant = {"column": "province", "labels": ["Brabant"]} | OURS
    tables = programme(theirs, alternatives=[alternative | {"participants": brabant}])
    with pytest.raises(InputError, match="no municipality in province 'Brabant'"):
        ggu.open_model(tables).simulate()


def test_an_answer_of_the_feasibility_test_says_whose_it_is():
    udo = [{"question": "Kan het?", "answer": "Ja."}, {"question": "Is het er?", "answer": "Ja.", "source": "ergens"}]
    found = refused(programme(line("a"), udo=udo), "udo")
    assert "without source or by" in str(found)
    assert "'ergens'" in str(found)
