"""Mistakes that type checkers have to find, one a line; nothing here runs."""

from __future__ import annotations

import ggu_costs as ggu
from ggu_costs import simulation

FUND = ggu.open_fund("funds/ggu/2020")
BILL = FUND.contributions()
CASE = ggu.open_case("procurement/gt-mobiel-1")
PROGRAMME = ggu.open_programme("programmes/omgevingswet/2021")
RESULT = PROGRAMME.simulate(draws=1_000, seed=2021)
GAME = ggu.CostGame.from_table([0, 8, 9, 12])
SPEC = simulation.ModelSpec((), (), (), (), ())

ggu.shaply(GAME)  # mistake
ggu.allocate(100, [1, 1], rules="equal")  # mistake
ggu.allocate(100)  # mistake
ggu.allocate(100, [1, 1], rule="proportionl")  # mistake
ggu.allocate("100", [1, 1])  # mistake
ggu.allocate(100, [1, 1]).shares  # mistake
ggu.tariff([0, 5_000], [1.92, 1.76], mode="whole")  # mistake
ggu.largest_remainder(100.5, [1, 1])  # mistake
ggu.inhabitants_on(2020)  # mistake
ggu.municipalities(year="2020")  # mistake
ggu.open_fund("funds/ggu/2020").fees()  # mistake
ggu.open_model("funds/ggu/2020").contribution()  # mistake
ggu.open_fund("funds/ggu/2020", model="my/models")  # mistake
BILL.totals  # mistake
BILL.explain()  # mistake
ggu.redistribution(BILL, FUND)  # mistake
ggu.redistribution(BILL, BILL, "scaled")  # mistake
CASE.split(rule=5)  # mistake
RESULT.probability("net", over=0)  # mistake
RESULT.nationwide()  # mistake
ggu.nucleolus(GAME, "sizes")  # mistake
ggu.shapley(GAME).values.to_frame()  # mistake
ggu.Ballot({"GM0363": "75"})  # mistake
ggu.read_result("aangenomen").share_for + 1  # mistake
ggu.carry(ggu.municipalities(2018)["inhabitants"], from_year=2018)  # mistake
simulation.run("model", draws=10, seed=1)  # mistake
simulation.uniform(1.0)  # mistake
simulation.simulate  # mistake
simulation.run(SPEC, draws=10, seed=1, method="dice")  # mistake
simulation.run(SPEC, draws=10, seed=1).total("cost").median  # mistake
