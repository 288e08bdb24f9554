"""One of every public object: made from shipped models, and by asking every question once."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from oracles import procurement
from small_programmes import PEOPLE, two_ways

import ggu_costs as ggu
from ggu_costs import simulation
from ggu_costs.allocation import volume_shapley
from ggu_costs.catalogue import open_bundle, open_index, open_joint_body, read_model
from ggu_costs.errors import Fault, GguCostsError
from ggu_costs.fund import assembly_table
from ggu_costs.games import axioms
from ggu_costs.grants import grant_years
from ggu_costs.impact import FunctionModel, MadeLine, programme_from_function
from ggu_costs.report.dossier import dossier
from ggu_costs.results import read_json


def _fund() -> Iterator[Any]:
    fund = ggu.open_fund("funds/example-portfolio")
    newer = ggu.open_fund("funds/ggu/2020")
    older, bill = ggu.open_fund("funds/ggu/2019").contributions(), newer.contributions()
    yield from (fund, fund.outlook(2025), fund.half_years()[0], fund.underspend(year=2021), fund.report())
    yield from (newer, bill, bill.explain("GM0363"), bill.by("province"), bill.national(), bill.plot)
    yield from (newer.settle(50_000_000), newer.report(), dossier(newer), newer.compare(newer))
    yield from (bill.change_from(older), ggu.redistribution(older, bill), ggu.compare(older, bill))
    yield read_model("funds/ggu/2020")
    fee = ggu.open_fee("fees/vng-contributie/2024")
    yield from (fee, fee.bill(), fee.report(), fee.tariff())
    table = assembly_table((older, bill))
    yield from (table, table.report(), table.by_stream())


def _cases() -> Iterator[Any]:
    case = ggu.open_case("procurement/gt-mobiel-1")
    split = case.split()
    yield from (case, split, case.stability(split), case.compare_rules(), case.business_case(), case.report())
    yield from (case.exit(case.codes[0]), case.compare(case), split.explain(case.codes[0]))
    several = ggu.open_case("procurement/example-once-for-all")
    yield from (
        several,
        several.split(),
        several.report(),
        several.split(amounts={several.setup.pool_ids[0]: [1000.0, 2000.0]}),
    )
    care = ggu.open_case("procurement/example-specialised-care")
    yield from (care, care.split(), care.report(), care.settle(dict.fromkeys(care.codes, 3.0)))
    yield ggu.open_case("procurement/example-ibd").report()


def _programmes() -> Iterator[Any]:
    programme = ggu.open_programme("programmes/omgevingswet/2021")
    result = programme.simulate(draws=256, seed=1)
    yield from (programme, programme.assembly(), result, result.explain("GM0363"), result.national(), result.plot)
    yield from (result.sensitivity(), result.compensation_for(0.9, "nation"), result.quantile(0.5), result.published())
    small = two_ways()
    yield from (small, small.simulate(64, seed=1), small.simulate(64, seed=1, method="sobol", replicates=3))
    yield small.simulate(64, seed=1).difference(two_ways(0.5).simulate(64, seed=1))
    by_function = programme_from_function(
        "p", twice, by="de proef", inhabitants=PEOPLE, map_date="2024-01-01",
        drivers=[simulation.Driver("x", simulation.uniform(1.0, 2.0))], lines=[MadeLine("a", "a", "cost", "one_off")],
    )  # fmt: skip
    drawn = by_function.simulate(64, seed=1)
    yield from (by_function, drawn, MadeLine("a", "a", "cost", "one_off"))
    with TemporaryDirectory() as folder:
        yield ggu.load_result(drawn.save(Path(folder) / "r"))
    pair = [simulation.Driver(name, simulation.uniform(1.0, 2.0)) for name in ("x", "y")]
    model = FunctionModel(both, pair, title="Twee uitkomsten")
    yield from (model, model.run(64, seed=1), model.sensitivity(seed=1, points=256, groups={"x": ["x"]}))
    yield programme.compare(programme)
    yield simulation.fit("jqpd", {0.1: 95.0, 0.5: 115.0, 0.9: 170.0})


def both(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"a": 2.0 * values["x"] + values["y"], "b": values["y"]}


def twice(values: Mapping[str, Any], municipalities: pd.DataFrame) -> dict[str, Any]:
    return {"a": 2.0 * values["x"] * municipalities["inhabitants"].to_numpy()}


def _grants() -> Iterator[Any]:
    grant, may = (ggu.open_grant(f"grants/gemeentefonds/{name}circulaire-2024/2025") for name in ("september", "mei"))
    yield from (grant, grant.definition, grant.amounts(), may.compare(grant), grant_years(grant))
    yield grant_years(may).compare(grant_years(grant))
    yield from (grant.reforms(factor=[1.4, 1.5]), grant.amounts().worth({"woonr": 1}))


def _bundles() -> Iterator[Any]:
    bundle = open_bundle("bundles/example-stapeling")
    yield from (bundle, bundle.definition, bundle.simulate(64, seed=1))


def _joint_bodies() -> Iterator[Any]:
    body = open_joint_body("joint-bodies/example-shared-services")
    yield from (body, body.definition, body.plan, body.contributions(), body.outlook(), body.council_view())
    yield from (body.advances(), body.settle(2026), body.exit("GM0339", year=2027), body.entry("GM0327", year=2028))


def _indices() -> Iterator[Any]:
    index = open_index("index/vng-contributie")
    yield from (index, index.definition, index.chain("contributie", 2022, 2024))


def _ballots() -> Iterator[Any]:
    scale = ggu.open_ballot("ballots/one-each")
    ballot = ggu.Ballot({"GM0363": 75, "GM0345": 67}, {"GM0363": "for", "GM0345": "against"})
    yield from (
        scale,
        scale.definition,
        ballot,
        ballot.tally(),
        scale.report(),
        ggu.read_result("aangenomen met 90,04 %"),
    )


def _games() -> Iterator[Any]:
    pools = [
        ggu.Fixed(5), ggu.PerParticipant([1, 1, 1]), ggu.VolumeTiers([2, 2, 3], [(0, 2.0), (9, 1.0)]),
        ggu.ServiceLevels([4, 4, 4]), ggu.Regional(["r", "s", "r"], {"r": 5, "s": 6}),
    ]  # fmt: skip
    game = ggu.CostGame.from_pools(["a", "b", "c"], pools)
    yield from (*pools, game, ggu.CostGame.from_table([0, 5, 5, 8]), ggu.CostGame.from_function(["a", "b"], cost))
    shares = ggu.shapley(game)
    yield from (shares, ggu.nucleolus(game), ggu.least_core(game), ggu.core_check(game, shares), shares.explain("a"))
    yield axioms.efficiency(game, shares)


def cost(group: Sequence[str]) -> float:
    return 10.0 + 5 * len(group) if group else 0.0


def _allocations() -> Iterator[Any]:
    key = pd.Series({"GM0363": 2.0, "GM0599": 1.0})
    yield from (ggu.allocate(100, key), ggu.allocate([100, 200], key), ggu.tariff([0, 10], [1.0, 0.5]))
    yield read_json(ggu.allocate(100, key).to_json())
    yield from (
        ggu.groups("province", ["GM0363", "GM0599"], "2024-01-01"),
        volume_shapley([1, 2, 3], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
    )


def _moves() -> Iterator[Any]:
    """Answers to questions that no report asks by itself."""
    years = ggu.open_case("procurement/example-years")
    yield from (years.over_years(), years.exit(years.codes[0], year=years.definition.years[-2]))
    region = ggu.open_case("procurement/example-region-years")
    yield region.entry("GM0363", year=region.definition.years[-2])
    yield from (
        ggu.open_case("procurement/gt-mobiel-1").ratchet(),
        procurement.open_case(procurement.small()).split().pass_through(),
    )
    yield years.adoption()
    portfolio = ggu.open_fund("funds/example-portfolio")
    older, newer = (ggu.open_fund(f"funds/ggu/{year}").contributions() for year in (2019, 2020))
    yield from (portfolio.framework(), portfolio.accounts(), ggu.redistribution(older, newer).phase_in(1, 3))
    found = ggu.open_programme("programmes/omgevingswet/2021").simulate(draws=256, seed=1)
    yield found.realised([{"line": "transitie", "year": 2026, "code": "GM0345", "amount": 170_000}])
    yield ggu.open_programme("programmes/example-digital-identity").simulate(draws=64, seed=1).break_even()
    bundle, body = open_bundle("bundles/example-stapeling"), open_joint_body("joint-bodies/example-shared-services")
    yield from (bundle.compare(bundle), body.compare(body))


def _engine() -> Iterator[Any]:
    spec = simulation.ModelSpec(
        units=("plant",), years=(1,), drivers=(simulation.Driver("price", simulation.normal(2.0, 0.5)),),
        terms=(simulation.Term("cost", weights=np.ones(1), factors=(("price", 1),)),),
        outputs=(simulation.Output("cost", weights=np.ones((1, 1))),),
    )  # fmt: skip
    result = simulation.run(spec, draws=64, seed=1)
    yield from (spec, result, result.total("cost"), simulation.Target("cost", 1.0))
    rate, ones = simulation.Affine(0.02, (("price", 1.0),)), np.ones(1)
    yield from (simulation.Curve(rate, rate, ones), simulation.Index(rate, np.ones(1, np.int64)))
    yield from (simulation.Correlation(("a", "b"), np.eye(2)), simulation.Joint("most", "cost", "maximum", ones))
    yield simulation.Grouping("group", ("a",), np.zeros(1, np.int64))


def _errors() -> Iterator[Any]:
    fault = Fault("key", "negative", "0 or more", "Correct it.")
    yield fault
    for kind in _error_kinds(GguCostsError):
        if kind is ggu.UnknownNameError:
            yield kind("rule", "shaply", ["shapley"])
        else:
            given = {"faults": [fault], "remedy": "Correct it.", "draw": 3, "replicate": 0, "leaf": 0}
            given |= {"drivers": {"x": 1.0}}
            yield kind("wrong", **{name: given[name] for name in inspect.signature(kind).parameters if name in given})


def _error_kinds(kind: type[GguCostsError]) -> Iterator[type[GguCostsError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _error_kinds(one)


def roots() -> Iterator[Any]:
    for make in (
        _fund,
        _cases,
        _programmes,
        _ballots,
        _grants,
        _bundles,
        _joint_bodies,
        _indices,
        _games,
        _allocations,
        _moves,
        _engine,
        _errors,
    ):
        yield from make()


@cache
def objects() -> dict[type, Any]:
    """One instance of every class of the library that can be reached from an answer."""
    found: dict[type, Any] = {}
    seen: set[int] = set()
    waiting, kept = list(roots()), []
    while waiting:
        thing = waiting.pop()
        kept.append(thing)  # so that no id comes again
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        own = type(thing).__module__.startswith("ggu_costs")
        if own:
            found.setdefault(type(thing), thing)
        if is_dataclass(thing) and not isinstance(thing, type):
            waiting += [getattr(thing, field.name, None) for field in fields(thing)]
        elif isinstance(thing, Mapping):
            waiting += [*thing.values()][:50]
        elif isinstance(thing, tuple | list):
            waiting += [*thing][:50]
        elif own and hasattr(thing, "__dict__"):
            waiting += [*vars(thing).values()][:50]
    return found
