r"""How sure it is that doing it together pays: the net present value when take-up and fixed costs are uncertain.

Of n candidates in their order of joining, :math:`k_t(u) = \lfloor n \min(1, u s_t) + 1/2 \rfloor` take part in year t,
with the stated share :math:`s_t` and an uncertain factor u, the same in every year. The net present value is

.. math:: V(u, x) = S(u) - \sum_p x_p F_p ,

with S what participants save before the uncertain fixed pools, at the tiers of the volume of those who take part, and
the present value :math:`F_p` of such a pool, times its own factor :math:`x_p`. S has a step for each number of
participants, whose probabilities follow from the distribution of u; the engine draws it together with the factors. What
is fixed is paid for any number of participants, nobody included.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.money import exact_sum
from ggu_costs.procurement.build import build_setup
from ggu_costs.procurement.participation import candidates_of
from ggu_costs.procurement.period import OneYear
from ggu_costs.procurement.year_splits import terms_of
from ggu_costs.results.base import Result
from ggu_costs.simulation import Driver, ModelSpec, Output, Term, discrete, pert, run, triangular, uniform
from ggu_costs.simulation.distributions.family import Continuous, Marginal, family_named
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.modelfile.values import Value
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.setup import Setup
    from ggu_costs.procurement.year_terms import SpreadTerms, YearsTerms
    from ggu_costs.typing import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True)
class Adoption(Result):
    """The net present value of doing it together, with uncertain take-up and fixed costs.

    Attributes
    ----------
    mean, low, high
        Euro: the mean, and the 5th and 95th percentile of the draws.
    pays
        Probability that it is above 0.
    error
        Simulation error of the mean, euro.
    stated
        What it is at the factor 1: the take-up and the fixed costs of the file.
    participants
        Mean, 5th and 95th percentile of the number that takes part in the last year.
    draws, seed
        Of the simulation.
    """

    mean: float
    low: float
    high: float
    pays: float
    error: float
    stated: float
    participants: tuple[float, float, float]
    draws: int
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """Return ``mean, p5, p95`` of the net present value in euro and of the participants in the last year."""
        rows = {
            "net_present_value": [self.mean, self.low, self.high],
            "participants_last_year": list(self.participants),
        }
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "p5", "p95"]).rename_axis("line")
        frame["unit"] = ["EUR", "count"]
        return self._framed(frame, {})


def adoption(case: CaseModel, *, draws: int | None = None, seed: int | None = None) -> Adoption:
    """Return how sure it is that doing it together pays.

    Parameters
    ----------
    draws, seed
        Instead of those of the file.

    Raises
    ------
    InputError
        A file without uncertainty; the cost of somebody on its own is PM.
    """
    terms = terms_of(case)
    unsure = terms.uncertainty
    if unsure is None:
        raise InputError(f"{case.id} states nothing that is uncertain", remedy="State [over_years.uncertainty].")
    if case.definition.participation.take_up is None:
        raise InputError(
            f"{case.id}: participation does not grow", remedy="Ask this of a case with participation 'voluntary'."
        )
    worth = _Worth(case, terms)
    fixed, last = worth.fixed, case.definition.years[-1]
    steps, odds = worth.steps(unsure.take_up)
    numbers, values = np.array([worth.number(last, u) for u in steps]), np.array([worth.saved(u) for u in steps])
    spec = ModelSpec(
        units=("case",), years=(0,),
        drivers=(
            Driver("saved", discrete(*_merged(values, odds))),
            *(Driver(f"pool {name}", _marginal(stated)) for name, stated in unsure.pools.items()),
        ),
        terms=(
            Term("saved", weights=np.ones(1), factors=(("saved", 1),)),
            *(Term(name, weights=np.full(1, -amount), factors=((f"pool {name}", 1),))
              for name, amount in fixed.items()),
        ),
        outputs=(Output("value", weights=np.ones((1 + len(fixed), 1))),),
    )  # fmt: skip
    draws, seed = unsure.draws if draws is None else draws, unsure.seed if seed is None else seed
    figure = run(spec, draws=draws, seed=seed).total("value")
    return Adoption(
        title=message("adoption_of", title=case.definition.title), notes=(message("adoption_says", draws=draws),),
        provenance=case.provenance(draws=draws, seed=seed), illustrative=case.definition.illustrative,
        mean=figure.mean, low=figure.quantile(0.05), high=figure.quantile(0.95), pays=figure.probability(0.0),
        error=figure.standard_error, stated=worth.saved(1.0) - exact_sum(fixed.values()),
        participants=_spread(numbers, odds), draws=draws, seed=seed,
    )  # fmt: skip


class _Worth:
    """What the first so many candidates save in each year, uncertain fixed pools apart.

    Attributes
    ----------
    yearly, joining
        Euro by year and number of participants, shape (n + 1,): what is saved in a year, and by who joins in it.
    fixed
        Present value of each uncertain pool.
    """

    def __init__(self, case: CaseModel, terms: YearsTerms) -> None:
        part, years = case.definition.participation, case.definition.years
        self.order = candidates_of(case.definition, case.everyone)
        self.factors = terms.discount.factors(years)
        take_up = None if part.take_up is None else part.take_up.share.years
        self.shares = {year: float(str(share)) for year, share in (take_up or {}).items()}
        self.fixed = dict.fromkeys(terms.uncertainty.pools if terms.uncertainty else (), 0.0)
        self.yearly: dict[int, FloatArray] = {}
        self.joining: dict[int, FloatArray] = {}
        parties = case.everyone.only(sorted(self.order))
        row = np.array([parties.at(code) for code in self.order])
        for year in years:
            period = OneYear(definition=case.definition, year=year, newcomers=frozenset(self.order))
            setup = build_setup(case.definition, case.inputs, parties, case.volumes, period=period)
            if np.isnan(setup.known_alone).any():
                raise InputError(
                    f"{case.id}: the cost of some on their own is PM", remedy="Give it, for a net present value."
                )
            self._add(year, setup, terms, row, case.definition.years[0])

    def _add(self, year: int, setup: Setup, terms: YearsTerms, row: IntArray, first: int) -> None:
        assert setup.alone is not None and setup.alone_once is not None  # noqa: S101, PT018 (none is PM)
        own = [pool for pool in setup.pools if pool.once and pool.pool.own() is not None]
        rest = tuple(pool for pool in setup.pools if pool not in own)
        joint = np.concatenate([[0.0], np.cumsum(setup.game_of(rest).along(row[None, :])[0])]) if rest else 0.0
        nobody = 0.0
        for pool in rest:
            stated = terms.pool(pool.id)
            nobody += pool.pool.standing()
            paid = (
                pool.total if stated.term is None else pool.total * stated.term * (year == (stated.first_year or first))
            )
            joint = joint + (paid - pool.total)
            if pool.id in self.fixed:
                self.fixed[pool.id] += self.factors[year] * paid
                joint = joint - paid
        alone = setup.alone - setup.alone_once
        joint = np.asarray(joint)
        joint[0] += nobody
        saved_once = setup.alone_once - sum((np.asarray(pool.pool.own()) for pool in own), np.zeros(len(row)))
        self.yearly[year] = np.concatenate([[0.0], np.cumsum(alone[row])]) - joint
        self.joining[year] = np.concatenate([[0.0], np.cumsum(saved_once[row])])

    def number(self, year: int, factor: float) -> int:
        """How many take part in a year."""
        share = min(1.0, factor * self.shares[year])
        return math.floor(len(self.order) * share + 0.5 + 1e-9)

    def saved(self, factor: float) -> float:
        """Present value of what is saved at a factor on the take-up, uncertain fixed pools apart."""
        joined, amounts = 0, []
        for year in self.yearly:
            number = self.number(year, factor)
            most = max(joined, number)
            new = self.joining[year][most] - self.joining[year][joined]
            amounts.append(self.factors[year] * (self.yearly[year][number] + new))
            joined = most
        return exact_sum(amounts)

    def steps(self, stated: SpreadTerms | None) -> tuple[FloatArray, FloatArray]:
        """Factors on the take-up, one for each set of numbers of participants, and their probabilities."""
        if stated is None:
            return np.ones(1), np.ones(1)
        marginal, low, high = _marginal(stated), _number(stated.low), _number(stated.high)
        halves = (np.arange(1, len(self.order) + 1) - 0.5) / len(self.order)
        ends = np.unique(np.concatenate([[low, high], *(halves / share for share in self.shares.values() if share)]))
        ends = ends[(ends >= low) & (ends <= high)]
        family = family_named(marginal.kind)
        assert isinstance(family, Continuous)  # noqa: S101 (the shapes there are)
        below = np.array([family.tails(marginal.parameters, float(end))[0] for end in ends])
        return (ends[1:] + ends[:-1]) / 2, np.diff(below)


def _number(figure: Value | None) -> float:
    assert figure is not None and isinstance(figure.value, Decimal)  # noqa: S101, PT018 (checked in the file)
    return float(figure.value)


def _marginal(stated: SpreadTerms) -> Marginal:
    low, high = _number(stated.low), _number(stated.high)
    if stated.shape == "uniform":
        return uniform(low, high)
    return {"triangular": triangular, "pert": pert}[stated.shape](low, _number(stated.likely), high)


def _merged(values: FloatArray, odds: FloatArray) -> tuple[list[float], list[float]]:
    """Ascending values, each once, with their probabilities."""
    once, place = np.unique(values, return_inverse=True)
    shares = np.bincount(place, weights=odds)
    kept = shares > 0
    return once[kept].tolist(), (shares[kept] / shares[kept].sum()).tolist()


def _spread(numbers: FloatArray, odds: FloatArray) -> tuple[float, float, float]:
    """Mean, 5th and 95th percentile."""
    values, shares = _merged(numbers, odds)
    below = np.cumsum(shares)
    low, high = (values[int(np.searchsorted(below, part - 1e-12))] for part in (0.05, 0.95))
    return float(np.dot(values, shares)), low, high
