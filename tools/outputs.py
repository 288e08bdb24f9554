"""What the library answers from Python, as text: frames with types and attributes, explanations, tables, faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any

Questions = dict[str, Callable[[], Any]]

CODES = ("GM0363", "GM0345", "GM0088")
RULES = (
    "inhabitants", "equal", "volume", "fixed_plus_volume", "stand_alone", "average", "serial", "decreasing_serial",
    "scrb", "shapley", "owen", "nucleolus",
)  # fmt: skip
METHODS = ("random", "latin_hypercube", "sobol")
DRAWS = 2048
INPUTS = {"programmes/woo": {"municipal_share": 0.5}}


def text_of(value: Any) -> str:
    """Return a value as text, with all that a user can see of it."""
    import numpy as np
    import pandas as pd

    if isinstance(value, str):
        return value
    if isinstance(value, pd.Series):
        name = f"series {value.name!r}: {value.dtype}\n"
        return name + text_of(value.to_frame("value").set_axis(["value"], axis=1)) + _json(value.attrs)
    if isinstance(value, pd.DataFrame):
        types = [f"{name!r}: {dtype}" for name, dtype in value.dtypes.items()]
        index = f"index {list(value.index.names)!r}: {value.index.dtype}; columns {list(value.columns.names)!r}"
        return "\n".join([index, *types, _json(value.attrs), value.to_csv(lineterminator="\n")])
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}\n" + "\n".join(map(repr, value.ravel().tolist()))
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {text_of(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(text_of(part) for part in value)
    if hasattr(value, "to_frame"):
        heading = [str(getattr(value, name)) for name in ("title", "notes", "illustrative") if hasattr(value, name)]
        origin = [_json(dict(value.provenance))] if hasattr(value, "provenance") else []
        told = [str(value)] if type(value).__str__ is not object.__str__ else []
        return "\n".join([*heading, *origin, *told, text_of(value.to_frame()), value._repr_html_()])
    if is_dataclass(value):
        return "\n".join(f"{item.name}: {text_of(getattr(value, item.name))}" for item in fields(value))
    return repr(value)


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def answers(questions: Questions) -> dict[str, str]:
    """Ask every question; a fault is an answer."""
    from ggu_costs import GguCostsError

    found = {}
    for name, question in questions.items():
        try:
            found[name] = text_of(question())
        except GguCostsError as error:
            found[name] = "\n".join([type(error).__name__, error.message, *map(str, error.faults), error.remedy])
    return found


def asked(name: str) -> dict[str, str]:
    """Ask a model all there is to ask of its kind."""
    from ggu_costs import open_model

    model = open_model(name, INPUTS.get(name))
    kinds = {
        "fund": of_fund,
        "fee": of_fee,
        "procurement": of_case,
        "programme": of_programme,
        "ballot": of_ballot,
        "grant": of_grant,
        "joint-body": of_joint_body,
        "bundle": of_bundle,
        "index": of_index,
    }
    found: Questions = {"provenance": lambda: _json(model.provenance()), "title": lambda: model.title}
    return answers(found | kinds[model.definition.kind](model))


def of_bill(bill: Any) -> Questions:
    """What to ask of the bill of a fund or fee."""
    year = bill.terms.year
    found: Questions = {f"{code}/explain": lambda code=code: bill.explain(code) for code in CODES}
    found |= {f"by/{group}": lambda group=group: bill.by(group) for group in ("size_class", "province")}
    found |= {"bill": lambda: bill, "national": bill.national, "values": lambda: bill.values, "rule": lambda: bill.rule}
    return {f"{year}/{name}": question for name, question in found.items()}


def of_change(previous: Any, bill: Any) -> Questions:
    """What to ask of the change between two bills."""
    from ggu_costs import redistribution

    change, effect = bill.change_from(previous), redistribution(previous, bill, total="scale")
    found: Questions = {
        "change": lambda: change,
        "change/national": change.national,
        "change/by": lambda: change.by("province"),
        "change/explain": lambda: change.explain("GM0363"),
        "change/shapley": lambda: bill.change_from(previous, "shapley"),
        **of_effect(effect),
    }
    return {f"{bill.terms.year}/since/{previous.terms.year}/{name}": question for name, question in found.items()}


def of_effect(effect: Any) -> Questions:
    """What to ask of effects: by group, and the way to them."""
    paths = {
        "path": lambda: effect.phase_in(per_inhabitant_per_year=0.25, years=4),
        "path_of_both": lambda: effect.phase_in([0.1, 0.2], after="residual", both_sides=True),
    }
    found: Questions = {
        "effect": lambda: effect,
        "effect/gemeentefonds": lambda: effect.to_frame(sign="gemeentefonds"),
        "effect/by": lambda: effect.by("size_class"),
        "effect/explain": lambda: effect.explain("GM0345"),
    }
    for name, path in paths.items():
        found[name] = path
        found[f"{name}/summary"] = lambda path=path: path().summary()
        found[f"{name}/residual"] = lambda path=path: path().residual
        found[f"{name}/explain"] = lambda path=path: path().explain("GM0345")
    return found


def of_fund(fund: Any) -> Questions:
    """What to ask of a fund."""
    from ggu_costs import compare, redistribution

    bills = {year: fund.contributions(year) for year in fund.years}
    found: Questions = {"outlook": lambda: fund.outlook(max(fund.years))}
    for year, bill in bills.items():
        other = fund.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
        settled = partial(fund.settle, bill.total - 1_000_000, year=year)
        found |= of_bill(bill)
        found |= {
            f"{year}/settled": settled,
            f"{year}/settled/explain": lambda settled=settled: settled().explain("GM0345"),
            f"{year}/including": lambda bill=bill, settled=settled: bill.including(settled()),
            f"{year}/underspend": lambda year=year: fund.underspend(year=year),
            f"{year}/underspend/where": lambda year=year: fund.underspend(year=year).where(),
            f"{year}/refund": lambda year=year: fund.underspend(1_000_000, "refund", year=year),
            f"{year}/other": lambda year=year, other=other: other.contributions(year),
            f"{year}/compared": lambda year=year, other=other, bill=bill: compare(bill, other.contributions(year)),
        }
        for half in ("H1", "H2"):
            report = partial(fund.half_year, f"{year}-{half}")
            found[f"{year}/{half}"] = report
            found[f"{year}/{half}/by_part"] = lambda report=report: report().by_part()
        effect = redistribution(bill, other.contributions(year))
        found |= {f"{year}/other/{name}": question for name, question in of_effect(effect).items()}
        if year - 1 in bills:
            found |= of_change(bills[year - 1], bill)
    return found


def of_fee(fee: Any) -> Questions:
    """What to ask of a fee."""
    found: Questions = {"tariff": lambda: fee.tariff()([24_999, 66_918, 200_000, 900_000])}
    for year in fee.years:
        found |= of_bill(fee.fees(year))
    return found


def of_case(case: Any) -> Questions:
    """What to ask of a joint procurement."""
    from ggu_costs import GguCostsError

    rules = cache(case.compare_rules)
    found: Questions = {
        "rules": rules,
        "rules/tested": lambda: rules().rules(),
        "rules/per_inhabitant": lambda: rules().per_inhabitant(),
        "rules/headed": lambda: rules().headed(),
        "ratchet": case.ratchet,
        "ratchet/by_supplier": lambda: case.ratchet().by_supplier(),
        "settled": lambda: case.settle(dict.fromkeys(case.codes, 1000.0)),
    }
    for code in (*CODES, case.codes[-1]):
        found |= {f"{code}/entry": partial(case.entry, code), f"{code}/exit": partial(case.exit, code)}
    for year in case.definition.years or ():
        found[f"{year}/split"] = lambda year=year: case.at(year).split()
    for rule in RULES:
        try:
            split = case.split(rule)
        except GguCostsError:
            asked_of_rule: Questions = {"split": partial(case.split, rule)}
        else:
            asked_of_rule = of_split(case, split)
        found |= {f"{rule}/{name}": question for name, question in asked_of_rule.items()}
    return found


def of_split(case: Any, split: Any) -> Questions:
    """What to ask of a split by one rule."""
    stable, business = cache(partial(case.stability, split)), cache(partial(case.business_case, split))
    return {
        "split": lambda: split,
        "split/by": lambda: split.by("size_class"),
        "split/by_pool": split.by_pool,
        "split/pass_through": split.pass_through,
        "split/first": lambda: split.explain(case.codes[0]),
        "split/last": lambda: split.explain(case.codes[-1]),
        "stability": stable,
        "stability/en": lambda: stable().sentence("en"),
        "stability/members": lambda: stable().members(),
        "business": business,
        "business/lines": lambda: business().lines(),
        "business/by_participant": lambda: business().by_participant(),
        "business/by": lambda: business().by("size_class"),
        "business/curve": lambda: business().curve(),
        "business/claimed": lambda: business().claimed(),
    }


def of_programme(programme: Any) -> Questions:
    """What to ask of a programme: every method and alternative, at few draws."""
    index = dict.fromkeys(range(2000, 2050), 0.02)
    first, count = programme.years[0], min(2, len(programme.years))
    result = programme.simulate(draws=DRAWS, seed=7)
    found: Questions = {}
    for method in METHODS:
        found[f"digest/{method}"] = lambda method=method: programme.simulate(DRAWS, 7, method).digest()
        found[f"national/{method}"] = lambda method=method: programme.simulate(DRAWS, 7, method).national()
    found["second_shape"] = lambda: programme.simulate(DRAWS, 7, second_shape=True).national()
    found["exact"] = lambda: programme.simulate(DRAWS, 7, exact=True).national()
    for group in ("province", "size_class"):
        found[f"by/{group}"] = lambda group=group: result.by(group)
        found[f"sensitivity_by/{group}"] = lambda group=group: result.sensitivity_by(group, points=256)
    for code in CODES:
        found[f"{code}/explain"] = lambda code=code: result.explain(code)
        found[f"{code}/budget"] = lambda code=code: result.budget(first, count, of=code)
        found[f"{code}/sensitivity"] = lambda code=code: result.sensitivity(of=code, points=256)
    for name in programme.alternatives:
        other = programme.simulate(draws=DRAWS, seed=7, alternative=name)
        found[f"{name}/national"] = other.national
        found[f"{name}/by_line"] = other.by_line
        found[f"{name}/difference"] = lambda name=name: result.difference(name).national()
        found[f"{name}/difference/by_municipality"] = lambda name=name: result.difference(name).by_municipality()
    for name in ("by_municipality", "by_year", "by_line", "winners_and_losers", "adequacy", "convergence", "published"):
        found[name] = getattr(result, name)
    return found | {
        "result": lambda: result,
        "by_municipality/structural": lambda: result.by_municipality("structural"),
        "budget": lambda: result.budget(first, count),
        "budget/indexed": lambda: result.budget(first, count, index=index),
        "probability": lambda: (result.probability(above=1e6), result.probability(of="GM0363")),
        "quantile": lambda: (result.quantile(0.9), result.quantile(0.1, of="GM0345")),
        "compensation": lambda: result.compensation_for(0.9),
        "compensation/every": lambda: result.compensation_for(0.9, of="every"),
        "sensitivity": lambda: result.sensitivity(points=1024),
        "sobol": lambda: result.sobol_by_municipality(points=256),
        "digest": result.digest,
    }


def of_ballot(scale: Any) -> Questions:
    """What to ask of a scale of votes."""
    import ggu_costs as ggu

    votes = {code: ("for", "against", "abstain", "for")[place % 4] for place, code in enumerate(scale.weights().index)}
    ballot = scale.ballot(votes, majority=0.6)
    few = ggu.Ballot(scale.weights().iloc[:8], {"GM0014": "for"})
    before = ggu.open_model("funds/ggu/2020").with_changes(counting_date="2024-01-01", map_date="2024-06-26")
    after = before.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
    effect = ggu.redistribution(before.contributions(), after.contributions())
    return {
        "weights": scale.weights,
        "weights/2020": lambda: scale.weights("2020-01-01", "2020-01-01"),
        "tally": ballot.tally,
        "swing": ballot.swing,
        "power": ballot.power,
        "power/banzhaf": lambda: ballot.power("banzhaf", approximate=True),
        "few/power": lambda: few.power(approximate=True),
        "few/swing": few.swing,
        "effects": lambda: ggu.weighted_effects(effect, scale),
    }


def of_grant(grant: Any) -> Questions:
    """What to ask of a circulaire."""
    amounts = grant.amounts()
    details = ("cluster", "maatstaf", "other_grant")
    return {
        "amounts": amounts.to_frame,
        "national": amounts.national,
        "by/province": lambda: amounts.by("province"),
        **{f"breakdown/{detail}": lambda detail=detail: amounts.breakdown(detail) for detail in details},
        **{f"{code}/explain": lambda code=code: amounts.explain(code) for code in CODES},
    }


def of_index(index: Any) -> Questions:
    """What to ask of a file of indices."""
    return {f"{name}/table": lambda name=name: index.table(name) for name in index.series}


def of_joint_body(body: Any) -> Questions:
    """What to ask of a joint body."""
    years = body.definition.years
    codes = [code for code in body.definition.members(body.next_year) if code in body.definition.members(years[0])]
    leaver = codes[-1]
    return {
        "outlook": lambda: body.outlook().to_frame(),
        "accounts": lambda: body.outlook().summary(),
        "related_party": body.related_party,
        "deadlines": body.deadlines,
        "advances": lambda: body.advances().to_frame(),
        **{f"{year}/contributions": lambda year=year: body.contributions(year).to_frame() for year in years},
        **{f"{year}/breakdown": lambda year=year: body.contributions(year).breakdown() for year in years},
        **{f"{year}/council_view": lambda year=year: body.council_view(year).to_frame() for year in years[1:]},
        **{f"{item.year}/settlement": lambda year=item.year: body.settle(year).to_frame()
           for item in body.definition.settlements},
        **{f"{code}/explain": lambda code=code: body.contributions().explain(code) for code in codes},
        "exit": lambda: body.exit(leaver, year=body.next_year).to_frame(),
        "exit/damages": lambda: body.exit(leaver, year=body.next_year).damages(),
        "exit/others": lambda: body.exit(leaver, year=body.next_year).others(),
    }  # fmt: skip


def of_bundle(bundle: Any) -> Questions:
    """What to ask of a bundle, at few draws."""
    result = bundle.simulate(draws=DRAWS, seed=7)
    return {
        "digest": result.digest,
        "national": result.national,
        "by_year": result.by_year,
        "component_by_year": result.component_by_year,
        **{
            f"{name}/{quantity}": lambda name=name, quantity=quantity: getattr(result, name)(quantity)
            for name in ("by_component", "separate_quantiles", "hardest_hit", "by_municipality")
            for quantity in ("one_off", "structural")
        },
    }


def library() -> dict[str, str]:
    """Ask what needs no model: names, municipalities, allocation, games."""
    import ggu_costs as ggu

    found: Questions = {"names": lambda: [*ggu.__all__, ggu.__version__], "list_models": ggu.list_models}
    for year in range(2018, 2026):
        found[f"municipalities/{year}"] = lambda year=year: ggu.municipalities(year)
    people = ggu.municipalities(2018)["inhabitants"]
    latest = ggu.municipalities(2024)
    codes, count = list(latest.index), latest["inhabitants"]
    found |= {
        "positions": ggu.positions,
        "regions": lambda: ggu.regions("safety_region", 2024),
        "members": lambda: list(ggu.members("2023-03-24")),
        "carry": lambda: ggu.carry(people, from_year=2018, to_year=2025),
        "inhabitants_on": lambda: ggu.inhabitants_on("2019-01-01", "2021-01-01"),
        "groups": lambda: ggu.groups({"GM0363": "a", "GM0345": "b"}, codes, "2024-01-01"),
        "mixture": lambda: ggu.mixture({"inhabitants": 0.8, "equal": 0.2}, latest[["inhabitants"]]),
        "round_table": lambda: ggu.round_table(latest[["inhabitants"]] / 3),
        "largest_remainder": lambda: ggu.largest_remainder(100, [1, 1, 1, 2]),
        "tariff": lambda: ggu.tariff([0, 5_000, 25_000], ["1.92", "1.76", "1.52"])([24_999, 66_918]),
        "serial": lambda: ggu.serial([1.0, 2.0, 3.0], lambda q: q**0.5),
        "average_cost": lambda: ggu.average_cost([1.0, 2.0, 3.0], lambda q: q**0.5),
        "price_times_quantity": lambda: ggu.price_times_quantity(2, free=10)([5, 50]),
        "fixed_plus_variable": lambda: ggu.fixed_plus_variable(100, "0.5")([5, 50]),
        "read_result": lambda: ggu.read_result("motie Barendrecht: verworpen met 90,04 %"),
    }
    for rule in ("proportional", "equal", "cea", "cel", "talmud"):
        found[f"allocate/{rule}"] = lambda rule=rule: ggu.allocate(1_000_000.01, count, rule=rule)
    found["allocate/bounds"] = lambda: ggu.allocate(1_000_000, count, minimum=500, maximum=50_000)
    pools = [ggu.Fixed(2_000_000), ggu.VolumeTiers(count, [(0, 0.9), (1_000_000, 0.7), (9_000_000, 0.5)])]
    table = [0, 163520, 140826, 301607, 250096, 378821, 367370, 412584]
    games = {
        "table": ggu.CostGame.from_table(table, players=["n", "f", "p"]),
        "pools": ggu.CostGame.from_pools(codes, pools),
    }
    for name, game in games.items():
        for rule in ("shapley", "nucleolus", "scrb", "ensc", "least_core"):
            solved = partial(getattr(ggu, rule), game)
            found[f"game/{name}/{rule}"] = lambda solved=solved: (solved().values, solved().certificate)
        found[f"game/{name}/core"] = lambda game=game: ggu.core_check(game, ggu.shapley(game).values)
    return answers(found)
