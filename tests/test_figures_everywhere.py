"""Every figure argument of every public name, fed with what is no figure and with equal figures in other forms."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from oracles.procurement import small

import ggu_costs as ggu
from ggu_costs.impact import Driver, MadeLine, Term, marginals, programme_from_function, programme_from_parts
from ggu_costs.procurement.ratchet import lowest_price
from ggu_costs.simulation.parts import Correlation

pytestmark = pytest.mark.compiled  # it asks every room, which takes minutes without the compiler

PAIR = ["GM0363", "GM0599"]
PEOPLE = pd.Series([1000.0, 2000.0], index=PAIR)
FUND = ggu.open_fund("funds/ggu/2020")
PORTFOLIO = ggu.open_fund("funds/example-portfolio")
BILL = FUND.contributions()
EFFECTS = ggu.redistribution(BILL, FUND.with_changes(key={"inhabitants": 0.8, "equal": 0.2}).contributions())
CASE = ggu.open_case(small())
ONE_EACH = ggu.open_ballot("ballots/one-each")
MEMBERS = ONE_EACH.weights()
OLD = ggu.municipalities(2023)["inhabitants"]
ONE = pd.Series([1.0, 1.0], index=PAIR)


def by_code(values: Any, codes: list[str] = PAIR) -> pd.Series:
    if isinstance(values, np.ma.MaskedArray):  # a Series holds NaN where an array has a mask
        values = values.astype(float).filled(np.nan)
    if isinstance(values, pd.Series):
        return values.set_axis(codes)
    return pd.Series(list(values), index=codes, dtype=None if isinstance(values, np.ndarray) else object)


def all_but_one(values: Any, others: pd.Series) -> pd.Series:
    two = by_code(values).astype(object)
    return pd.concat([others.astype(object)[~others.index.isin(PAIR)], two]).sort_index()


def made(people: Any = PEOPLE, **more: Any) -> Any:
    weights = np.array([1000.0, 2000.0])
    line = MadeLine("l", "l", "cost", "one_off", (Term("l", weights, factors=(("x", 1), ("y", 1))),))
    drivers = [Driver("x", marginals.uniform(1, 3)), Driver("y", marginals.uniform(1, 3))]
    given: dict[str, Any] = {"inhabitants": people, "map_date": "2024-01-01", "years": (2024,), "drivers": drivers}
    return programme_from_parts("p", by="x", lines=[line], **(given | more))


def outcome(amounts: Callable[[int], Any]) -> Any:
    return programme_from_function(
        "p", lambda drivers, _: {"l": amounts(len(drivers["x"]))}, by="x", inhabitants=PEOPLE, map_date="2024-01-01",
        drivers=[Driver("x", marginals.uniform(0, 1))], lines=[MadeLine("l", "l", "cost", "one_off")],
    ).simulate(50, 1).national()["mean"].tolist()  # fmt: skip


def by_name(values: Any) -> dict[Any, Any]:
    return dict(zip("ab", values, strict=True))


def of_pool(pool: Any) -> float:
    return ggu.CostGame.from_pools(["a", "b"], [pool]).total


def held(result: Any) -> Any:
    return result.values.tolist()


@cache
def drawn() -> Any:
    return made().simulate(500, 1)


GAME = ggu.CostGame.from_pools(["a", "b"], [ggu.Fixed(10)])

LISTS: dict[str, Callable[[Any], Any]] = {
    "allocate amount": lambda v: held(ggu.allocate(v, [1, 1])),
    "allocate key": lambda v: held(ggu.allocate(100, v)),
    "allocate key by code": lambda v: held(ggu.allocate(100, by_code(v))),
    "allocate key of claims": lambda v: held(ggu.allocate(1.5, v, rule="talmud")),
    "largest_remainder": lambda v: ggu.largest_remainder(10, v).tolist(),
    "mixture": lambda v: ggu.mixture({"a": 1.0}, pd.DataFrame({"a": by_code(v)})).tolist(),
    "serial": lambda v: ggu.serial(v, lambda q: q).tolist(),
    "serial by code": lambda v: ggu.serial(by_code(v), lambda q: q).tolist(),
    "average_cost": lambda v: ggu.average_cost(v, lambda q: q).tolist(),
    "cost of demands": lambda v: ggu.serial([1, 2], lambda q: [0, *v]).tolist(),
    "tariff quantities": lambda v: ggu.tariff([0], [2])(v).tolist(),
    "tariff rates": lambda v: ggu.tariff([0, 1], v)([5]).tolist(),
    "tariff brackets": lambda v: ggu.tariff([0, *v], [1, 2, 3])([5]).tolist(),
    "round_table": lambda v: np.asarray(ggu.round_table([v, v])).tolist(),
    "round_table frame": lambda v: ggu.round_table(pd.DataFrame({"a": by_code(v)})).to_numpy().tolist(),
    "round_table totals": lambda v: ggu.round_table(np.eye(2) * [1, 2], row_totals=v).tolist(),
    "from_table": lambda v: ggu.CostGame.from_table([0, *v, 3]).table().tolist(),
    "from_coalitions": lambda v: ggu.CostGame.from_coalitions({**by_name(v), ("a", "b"): 3}).total,
    "PerParticipant": lambda v: of_pool(ggu.PerParticipant(v)),
    "ServiceLevels": lambda v: of_pool(ggu.ServiceLevels(v)),
    "VolumeTiers": lambda v: of_pool(ggu.VolumeTiers(v, [(0, 2)])),
    "Regional": lambda v: of_pool(ggu.Regional(["a", "b"], by_name(v))),
    "weighted_shapley": lambda v: ggu.weighted_shapley(GAME, v).values.tolist(),
    "core_check": lambda v: ggu.core_check(ggu.CostGame.from_table([0, 2, 2, 3]), v).complaint,
    "empirical": lambda v: marginals.describe(marginals.empirical(v)),
    "empirical weights": lambda v: marginals.describe(marginals.empirical([1, 2], v)),
    "discrete": lambda v: marginals.describe(marginals.discrete(v, [0.5, 0.5])),
    "groups sums": lambda v: ggu.groups("province", PAIR, "2024-01-01").sums(by_code(v)).tolist(),
    "carry": lambda v: ggu.carry(all_but_one(v, OLD), from_year=2023, to_year=2024).loc[PAIR].tolist(),
    "redistribution": lambda v: ggu.redistribution(by_code(v), pd.Series([2.0, 1.0], index=PAIR)).redistribution,
    "redistribution people": lambda v: ggu.redistribution(ONE, ONE[::-1], inhabitants=by_code(v)).inhabitants,
    "phase_in": lambda v: EFFECTS.phase_in(v).to_frame().iloc[0].tolist(),
    "weighted_effects": lambda v: ggu.weighted_effects(all_but_one(v, MEMBERS), ONE_EACH).iloc[0].tolist(),
    "Ballot": lambda v: ggu.Ballot(by_code(v)).weights,
    "programme inhabitants": lambda v: made(by_code(v)).assembly.inhabitants.tolist(),
    "programme discount": lambda v: made(years=(2024, 2025), discount=v).assembly.discount.tolist(),
    "function outcome": lambda v: outcome(lambda draws: [v] * draws),
    "function frame": lambda v: outcome(lambda draws: pd.DataFrame([list(v)] * draws, columns=PAIR, dtype=object)),
    "lowest price": lambda v: lowest_price(["A", "B"], v).tolist(),
    "split amounts": lambda v: CASE.split("equal", amounts={"project": v}).values.tolist(),
    "with_changes volumes": lambda v: held(CASE.with_changes(volumes={"units": volumes(v)}).split("volume")),
}  # fmt: skip


def volumes(values: Any) -> pd.Series:
    codes = list(CASE.codes)
    first = by_code(values, codes[:2]).astype(object)
    return pd.concat([first, pd.Series(3, index=codes[2:], dtype=object)])


NUMBERS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "allocate amount": (100, lambda x: held(ggu.allocate(x, [1, 2]))),
    "allocate minimum": (1, lambda x: held(ggu.allocate(100, [1, 2], minimum=x))),
    "largest_remainder": (10, lambda x: ggu.largest_remainder(x, [1, 2]).tolist()),
    "mixture": (1, lambda x: ggu.mixture({"equal": x}, pd.DataFrame(index=PAIR)).tolist()),
    "exact": (5, lambda x: ggu.tariff([0], [2]).exact(x)),
    "price": (2, lambda x: ggu.price_times_quantity(x)([5]).tolist()),
    "fixed": (2, lambda x: ggu.fixed_plus_variable(x, 1)([5]).tolist()),
    "Fixed": (10, lambda x: ggu.CostGame.from_pools(["a"], [ggu.Fixed(x)]).total),
    "tier": (2, lambda x: ggu.CostGame.from_pools(["a"], [ggu.VolumeTiers([1], [(0, x)])]).total),
    "from_function": (2, lambda x: ggu.CostGame.from_function(["a"], lambda group: x if group else 0).total),
    "Ballot weight": (2, lambda x: ggu.Ballot({"a": x}).weights),
    "Ballot quota": (2, lambda x: ggu.Ballot({"a": 5}, quota=x).threshold.quota),
    "Ballot majority": (Fraction(1, 4), lambda x: ggu.Ballot({"a": 5}, majority=x).majority),
    "with_changes total": (1000, lambda x: FUND.with_changes(total=x).contributions().total),
    "with_changes rate": (2, lambda x: FUND.with_changes(rate=x).contributions().total),
    "with_changes key": (1, lambda x: FUND.with_changes(key={"equal": x}).contributions().total),
    "settle": (1000, lambda x: FUND.settle(x).total),
    "underspend": (1000, lambda x: PORTFOLIO.underspend(x, "refund", year=PORTFOLIO.years[0]).amount),
    "contributions year": (2020, lambda x: FUND.contributions(x).total),
    "phase_in cap": (1, lambda x: EFFECTS.phase_in(x, 3).to_frame().iloc[0].tolist()),
    "phase_in years": (2, lambda x: EFFECTS.phase_in(1, x).to_frame().iloc[0].tolist()),
    "outlook year": (PORTFOLIO.years[-1], lambda x: PORTFOLIO.outlook(x).to_frame().shape),
    "carry year": (2023, lambda x: ggu.carry(ggu.municipalities(2023)["inhabitants"], from_year=x, to_year=2024).sum()),
    "municipalities year": (2023, lambda x: len(ggu.municipalities(x))),
    "uniform": (1, lambda x: marginals.uniform(x, 10).parameters),
    "triangular": (1, lambda x: marginals.triangular(0, x, 10).parameters),
    "pert": (1, lambda x: marginals.pert(0, x, 10).parameters),
    "lognormal": (1, lambda x: marginals.lognormal(0, x).parameters),
    "bernoulli": (Fraction(1, 4), lambda x: marginals.bernoulli(x).parameters),
    "truncated": (1, lambda x: marginals.truncated(marginals.uniform(0, 3), x, 2).lower),
    "correlation": (Fraction(1, 4), lambda x: Correlation(("x", "y"), [[1, x], [x, 1]]).matrix.tolist()),  # type: ignore[arg-type]
    "draws": (50, lambda x: made().simulate(x, 1).national()["mean"].tolist()),
    "seed": (7, lambda x: made().simulate(50, x).national()["mean"].tolist()),
    "replicates": (2, lambda x: made().simulate(64, 1, "sobol", replicates=x).national()["mean"].tolist()),
    "programme year": (2024, lambda x: made(years=(x,)).assembly.years),
    "quantile": (Fraction(1, 4), lambda x: float(drawn().quantile(x))),
    "probability": (5000, lambda x: float(drawn().probability("gross", above=x))),
    "confidence": (Fraction(1, 4), lambda x: float(drawn().compensation_for(x))),
    "share": (Fraction(1, 2), lambda x: float(drawn().compensation_for(0.5, of=("share", x)))),
}  # fmt: skip
WITHOUT_LIMIT = {"Ballot", "Ballot weight"}  # whole votes are exact, however many

HUGE = 10**400
WRONG: list[Any] = [
    "1.000", "12,5", "1e400", True, 1j, float("nan"), float("inf"), np.ma.masked, pd.NA, HUGE, -HUGE, Fraction(HUGE),
    Decimal("NaN"), Decimal("sNaN"), Decimal("1e-99999999"), [1], {1: 2}, {1}, object(), np.array(["1"]),
    np.datetime64("2024-01-01", "ns"), pd.Timestamp("2024-01-01"), b"1", "x" * 100_000,
]  # fmt: skip


def refused(call: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(ggu.GguCostsError) as caught:
        call(given)
    assert len(str(caught.value)) < 4_000


@pytest.mark.parametrize("name", LISTS)
def test_text_is_no_figure_in_any_array(name: str) -> None:
    """Nor are truth values, complex numbers, dates, what a mask hides, and what is not finite."""
    call = LISTS[name]
    for wrong in WRONG:
        if not (name in WITHOUT_LIMIT and wrong is HUGE):
            refused(call, [wrong, 2])
    two = [
        np.array(["1.000", "2"]), np.array([True, True]), np.array([1j, 2]), np.array(["2024-01-01"] * 2, "M8[ns]"),
        np.ma.array([1.0, 2.0], mask=[False, True]), pd.Series(["1", "2"]), pd.Series([True, False]),
        pd.Series([1, None], dtype="Int64"),
    ]  # fmt: skip
    for wrong in two:
        if not (name.startswith("tariff") and wrong.dtype in ("str", object)):  # a rate may be text with a point
            refused(call, wrong)


OF_PLAYERS = {"core_check", "PerParticipant", "ServiceLevels", "VolumeTiers", "weighted_shapley"}


@pytest.mark.parametrize("name", LISTS)
def test_equal_figures_give_equal_answers_in_any_form(name: str) -> None:
    call = LISTS[name]
    wanted = call([1, 2])
    forms: list[Any] = [
        (1, 2), [1.0, 2.0], [np.int64(1), np.float64(2)], [Decimal(1), Fraction(2)], np.array([1, 2]),
        np.array([1.0, 2.0]), np.array([1, 2], dtype=np.uint8), np.ma.array([1.0, 2.0], mask=[False, False]),
        [np.array(1), 2],
    ]  # fmt: skip
    if name not in OF_PLAYERS:  # whose Series are read by name
        forms += [pd.Series([1, 2]), pd.Series([1, 2], dtype="Int64"), pd.Series([1.0, 2.0])]
    for form in forms:
        assert call(form) == wanted, repr(form)


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_no_number_is_refused_where_one_is_asked(name: str) -> None:
    right, call = NUMBERS[name]
    wanted = call(right)
    for wrong in WRONG:
        if not ((name in WITHOUT_LIMIT and wrong is HUGE) or (name == "allocate amount" and wrong == [1])):
            refused(call, wrong)
    forms: list[Any] = [np.float64(right)] if isinstance(right, Fraction) else [np.int64(right), np.int16(right)]
    for form in [*forms, np.array(forms[0])]:
        assert call(form) == wanted, repr(form)


def test_labels_of_totals_meet_labels_of_the_table_and_never_by_their_text() -> None:
    cells = [[0.333, 0.332], [0.333, 0.332]]
    for labels in (["a", "a"], [1, "1"]):
        table, totals = pd.DataFrame(cells, index=labels), pd.Series([0.67, 0.66], index=labels)
        if labels == ["a", "a"]:
            with pytest.raises(ggu.InputError, match="more than once"):
                ggu.round_table(table, row_totals=totals)
        else:
            for given in (totals, totals[::-1], totals.to_dict()):
                assert ggu.round_table(table, row_totals=given).sum(axis=1).round(2).tolist() == [0.67, 0.66]
    with pytest.raises(ggu.InputError, match="values"):
        ggu.round_table([["a"]])


def test_what_a_function_gives_by_code_is_read_by_code() -> None:
    asked = {"GM0363": 10.0, "GM0599": 20.0}

    def backwards(drivers: Any, _: Any) -> dict[str, Any]:
        return {"l": pd.DataFrame({code: np.full(len(drivers["x"]), asked[code]) for code in reversed(asked)})}

    made_of = programme_from_function(
        "p", backwards, by="x", inhabitants=PEOPLE, map_date="2024-01-01",
        drivers=[Driver("x", marginals.uniform(0, 1))], lines=[MadeLine("l", "l", "cost", "one_off")],
    )  # fmt: skip
    assert made_of.simulate(50, 1).by_municipality()["mean"].to_dict() == asked
    for wrong in (["GM0363", "GM0363"], ["GM0363", "GM0014"]):
        with pytest.raises(ggu.InputError, match="line 'l'"):
            outcome(lambda draws, codes=wrong: pd.DataFrame(np.ones((draws, 2)), columns=codes))
    shuffled = outcome(lambda draws: pd.DataFrame(np.arange(2.0 * draws).reshape(draws, 2), columns=PAIR)[::-1])
    assert shuffled == outcome(lambda draws: np.arange(2.0 * draws).reshape(draws, 2))


def test_codes_that_are_there_twice_are_never_added_up() -> None:
    twice = pd.Series([1.0, 2.0, 3.0], index=["GM0363", "GM0363", "GM0599"])
    refused(lambda v: ggu.groups("province", PAIR, "2024-01-01").sums(v), twice)
    refused(lambda v: ggu.serial(v, lambda q: q), twice)
    refused(lambda v: ggu.allocate(100, v), twice)
    refused(lambda v: ggu.mixture({"a": 1}, v.to_frame("a")), twice)
    refused(made, twice)
    refused(lambda v: ggu.redistribution(v, v), twice)
    refused(lambda v: ggu.mixture(v, pd.DataFrame({"a": [1, 2]})), [1])


def test_fractions_of_a_key_add_up_alike_wherever_they_are_given() -> None:
    figures = pd.DataFrame({"inhabitants": [1, 2]}, index=PAIR)
    for parts in ({"inhabitants": 1 / 3, "equal": 2 / 3}, {"inhabitants": 0.9, "equal": 1 - 0.9}):
        assert sum(ggu.mixture(parts, figures)) == pytest.approx(1, abs=1e-15)
        assert FUND.with_changes(key=parts).contributions().total == BILL.total
    exact = ggu.mixture({"inhabitants": Fraction(1, 3), "equal": Fraction(2, 3)}, figures)
    assert exact.tolist() == ggu.mixture({"inhabitants": 1 / 3, "equal": 2 / 3}, figures).tolist()
    for parts in ({"inhabitants": 0.5, "equal": 0.4}, {"inhabitants": 0.5, "equal": 0.5 + 1e-9}):
        refused(lambda v: ggu.mixture(v, figures), parts)
        refused(lambda v: FUND.with_changes(key=v), parts)


OTHERS = {
    "errors": "GguCostsError InfeasibleError InputError MissingInputError ModelFileError OutputError "
    "OutsidePeriodError UnknownNameError",
    "files and models": "list_models open_ballot open_case open_fee open_fund open_grant open_model open_programme "
    "read_cbs read_labels read_table load_result verify Reference",
    "results and games": "Allocation Groups Tariff compare core_check ensc least_core nucleolus owen scrb shapley "
    "groups",
    "words and days": "inhabitants_on members positions read_result regions",
}
FED = {
    "allocate", "average_cost", "Ballot", "carry", "CostGame", "Fixed", "fixed_plus_variable", "largest_remainder",
    "mixture", "municipalities", "PerParticipant", "price_times_quantity", "redistribution", "Regional", "round_table",
    "serial", "ServiceLevels", "tariff", "VolumeTiers", "weighted_effects", "weighted_shapley",
}  # fmt: skip


def test_no_public_name_is_left_out() -> None:
    """A new public name is fed with hostile figures above, or stands among those that take none."""
    others = {name for names in OTHERS.values() for name in names.split()}
    assert not FED & others
    assert set(ggu.__all__) <= FED | others, set(ggu.__all__) - FED - others
    source = Path(__file__).read_text(encoding="utf-8")
    assert {name for name in FED if f"ggu.{name}(" not in source and f"ggu.{name}." not in source} == set()
