"""What users write, for type checkers: every public name, as in the README. Nothing here runs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import ggu_costs as ggu
from ggu_costs import simulation
from ggu_costs.catalogue import open_bundle, open_index, open_joint_body
from ggu_costs.impact import ImpactResult


def reference() -> None:
    people: pd.Series = ggu.municipalities(2024)["inhabitants"]
    counted: pd.Series = ggu.inhabitants_on("2020-01-01", map_date="2022-04-01")
    codes: pd.Index = ggu.members("2022-03-24")
    carried: pd.Series = ggu.carry(people, from_year=2018, to_year=2025)
    rate: pd.Series = ggu.carry(counted, from_year=2018, to_year=2025, kind="rate", weights=people)
    by_size: ggu.Groups = ggu.groups("size_class", list(codes), "2022-03-24")
    sums: pd.Series = by_size.sums(people)
    corop: pd.Series = ggu.regions("corop", 2026)
    centres: pd.DataFrame = ggu.positions()
    tables: ggu.Reference = ggu.Reference.open("packs/2027")
    later: pd.Series = tables.inhabitants_on("2027-01-01")
    by_province: ggu.Groups = tables.groups("province", list(tables.members("2027-01-01")), "2027-01-01")
    bill: pd.DataFrame = ggu.open_fund("funds/ggu/2020", reference=tables).contributions().to_frame()
    print(later, by_province, bill)
    own: pd.Series = ggu.read_table("volumes.csv", value="volume", decimal=",")
    several: pd.Series | pd.DataFrame = ggu.read_table("volumes.xlsx", value=["volume", "cases"], sheet="2024")
    groups: pd.Series = ggu.read_labels("regions.csv")
    downloaded: pd.Series = ggu.read_cbs("70072ned.csv", column="Inwonertal", year=2024)
    print(carried, rate, sums, corop, centres, own, several, groups, downloaded)


def allocation() -> None:
    key: pd.Series = ggu.mixture({"inhabitants": 0.8, "equal": Decimal("0.2")}, ggu.municipalities(2024))
    shares: ggu.Allocation = ggu.allocate(52_300_000, key, minimum=1_000.0)
    drawn: ggu.Allocation = ggu.allocate(np.array([90.0, 60.0]), [1, 2, 6], rule="equal", cents=False)
    cut: NDArray[np.float64] = ggu.allocate(200, [100, 200, 300], rule="talmud").values
    line: str = shares.explain("GM0363")
    frame: pd.DataFrame = drawn.to_frame()
    fee: ggu.Tariff = ggu.tariff([0, 5_000, 25_000, 200_000], ["1.92", "1.76", "1.52", "0.75"], mode="whole_class")
    amounts: NDArray[np.float64] = fee([24_999, 66_918])
    prices: list[ggu.Tariff] = [ggu.price_times_quantity("0.12", free=1_000), ggu.fixed_plus_variable(250, "1.10")]
    serial: NDArray[np.float64] = ggu.serial([1, 2, 3], lambda q: q**2, decreasing=True)
    average: NDArray[np.float64] = ggu.average_cost([1, 2, 3], np.square)
    cents: NDArray[np.int64] = ggu.largest_remainder(100, [1, 1, 1])
    table: NDArray[np.float64] = ggu.round_table(np.ones((2, 2)) / 3)
    labelled: pd.DataFrame = ggu.round_table(frame, row_totals=pd.Series([1.0]))
    print(cut, line, amounts, prices, serial, average, cents, table, labelled)


def games() -> None:
    table: ggu.CostGame = ggu.CostGame.from_table([0, 8, 9, 12], players=["a", "b"])
    pools = [
        ggu.Fixed(2_000_000),
        ggu.PerParticipant([1.0, 2.0]),
        ggu.VolumeTiers([10, 20], [(0, 0.9), (15, 0.7)]),
        ggu.ServiceLevels([1.0, 3.0]),
        ggu.Regional(["north", "south"], {"north": 5.0, "south": 6.0}),
    ]
    game = ggu.CostGame.from_pools(["a", "b"], pools)
    by_function = ggu.CostGame.from_function(["a", "b"], lambda members: float(len(members)))
    values: NDArray[np.float64] = ggu.shapley(game).values
    solutions = [
        ggu.weighted_shapley(table, [1, 2], seed=0),
        ggu.owen(game, [["a"], ["b"]], seed=1),
        ggu.scrb(table),
        ggu.ensc(table),
        ggu.nucleolus(table, "size"),
        ggu.least_core(by_function),
    ]
    explained: list[str] = [solution.explain(0) for solution in solutions]
    stable: bool = ggu.core_check(game, values).stable
    sentence: str = ggu.core_check(game, [1.0, 2.0]).sentence("en")
    print(explained, stable, sentence)


def funds() -> None:
    fund = ggu.open_fund("funds/ggu/2020")
    bill = fund.contributions()
    total: float = bill.total
    frame: pd.DataFrame = bill.to_frame()
    other = fund.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
    effect = ggu.redistribution(bill, other.contributions(), "scale")
    by_size: pd.DataFrame = effect.by("size_class")
    path: pd.DataFrame = effect.phase_in(per_inhabitant_per_year=0.25, years=4).summary()
    change: pd.DataFrame = bill.change_from(ggu.open_fund("funds/ggu/2018").contributions()).to_frame()
    side_by_side: pd.DataFrame = ggu.compare(bill, other.contributions()).to_frame()
    fees: float = ggu.open_fee("fees/vng-contributie/2024", {"taxed_share": Decimal("0.5")}).fees().total
    print(total, frame, by_size, path, change, side_by_side, fees, bill.explain("GM0345"))


def procurement() -> None:
    case = ggu.open_case("procurement/gt-mobiel-1", models="my/models")
    split = case.split("shapley")
    frames: list[pd.DataFrame] = [split.to_frame(), case.compare_rules().rules()]
    sentence: str = case.stability(split).sentence("en")
    print(frames, sentence)


def programmes() -> None:
    programme = ggu.open_programme("programmes/omgevingswet/2021")
    result = programme.simulate(draws=100_000, seed=2021)
    frames: list[pd.DataFrame] = [
        result.by_municipality(),
        result.by("province"),
        result.national(),
        result.winners_and_losers(),
        result.sensitivity().to_frame(),
    ]
    chance: float = result.probability("net", above=0)
    loaded: ImpactResult = ggu.load_result(result.save("run v1.0"), model=programme)
    print(frames, chance, programme.simulate(resume=loaded).digest())


def grants() -> None:
    amounts = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025").amounts()
    euro: pd.DataFrame = amounts.to_frame()
    steps: str = str(amounts.explain("GM0363"))
    print(euro, steps)


def joint_bodies() -> None:
    body = open_joint_body("joint-bodies/example-shared-services")
    euro: pd.DataFrame = body.contributions(2027).to_frame()
    due: float | None = body.exit("GM0339", year=2027, rule="declining").due
    steps: str = str(body.council_view().explain("GM0345"))
    print(euro, due, steps)


def indices() -> None:
    index = open_index("index/vng-contributie")
    factor: Fraction | None = index.chain("contributie", 2022, 2024, vintage="cep-2023").factor
    years: pd.DataFrame = index.table("contributie")
    print(factor, years)


def bundles() -> None:
    bundle = open_bundle("bundles/example-stapeling")
    result = bundle.simulate(draws=256)
    frames: list[pd.DataFrame] = [result.by_component(), result.hardest_hit(), result.separate_quantiles("structural")]
    one: pd.DataFrame = result.component("fonds").by_municipality("structural")
    fewer: str = bundle.without("fonds").simulate(draws=256).digest()
    print(frames, one, fewer)


def ballots() -> None:
    scale = ggu.open_ballot("ballots/one-each")
    ballot = ggu.Ballot({"GM0363": 75, "GM0345": 67}, {"GM0363": "for", "GM0345": "tegen"}, majority=2 / 3)
    share: float = ballot.tally().share_for
    power: pd.Series = ballot.power("banzhaf")
    published: Decimal | None = ggu.read_result("aangenomen met 90,04 %").share_for
    effects: pd.DataFrame = ggu.weighted_effects(pd.Series({"GM0363": 1.0}), scale)
    fund = ggu.open_fund("funds/ggu/2020")
    sides = ggu.weighted_effects(ggu.redistribution(fund.contributions(), fund.contributions()), [scale, scale])
    print(share, power, published, effects, sides)


def any_model(name: str) -> str:
    names: list[str] = list(ggu.list_models().index)
    model = ggu.open_model(name if name in names else {"schema": 1, "kind": "fund"}, data={"total": 1_000_000})
    return f"{model.id} {model.definition.kind} {model.report().title} {ggu.__version__}"


def errors() -> tuple[str, ...]:
    try:
        any_model("funds/gru/2020")
    except ggu.UnknownNameError as error:
        return error.allowed
    except ggu.OutsidePeriodError as error:
        return (error.known,)
    except ggu.MissingInputError as error:
        return error.names
    except (ggu.ModelFileError, ggu.InfeasibleError, ggu.InputError, ggu.OutputError) as error:
        return tuple(str(fault) for fault in error.faults)
    except ggu.GguCostsError as error:
        return (error.remedy,)
    return ()


def engine_alone() -> tuple[float, str]:
    spec = simulation.ModelSpec(
        units=("plant",),
        years=(1,),
        drivers=(simulation.Driver("price", simulation.truncated(simulation.normal(2.0, 0.5), lower=0.0)),),
        terms=(simulation.Term("cost", weights=np.ones(1), factors=(("price", 1),)),),
        outputs=(simulation.Output("cost", weights=np.ones((1, 1))),),
    )
    result = simulation.run(spec, draws=1_000, seed=1, method="sobol", exact=(0.9,))
    cost: simulation.Figure = result.total("cost")
    low, high = cost.quantile_interval(0.9)
    return low + high + cost.mean + cost.probability(above=2.0) + result.unit("cost", "plant").sd, result.digest


def of_one_run(folder: str) -> tuple[bool, list[str]]:
    found = ggu.verify(folder, models="models")
    return found.whole, [*found.missing, *found.different, *found.foreign, *found.lines("en")]
