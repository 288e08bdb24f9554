r"""The rules by which a joint cost is split (verdeelregels), over the cost pools of a case.

======================  =============================================================================================
inhabitants             everything by inhabitants (a body without inhabitants counts 0)
equal                   everything equally
volume                  everything by volume: a volume pool by its own volume, other pools by the first of the file
fixed_plus_volume       volume pools by volume, own amounts each its own, everything else equally
stand_alone             everything by what each would pay on its own
average                 average cost: volume pools and fixed costs by volume, level pools by the cost of the level
                        needed, regional amounts by volume within the region, own amounts each its own
serial                  volume pools by serial sharing (Moulin and Shenker): nobody pays for units that only others ask
                        for; other pools by who causes them (as under shapley)
decreasing_serial       the same with demands sorted downwards (de Frutos), which suits economies of scale
scrb                    separable costs, remaining benefits
shapley                 what each adds, averaged over all orders of joining
owen                    the same, joining region by region
nucleolus               the largest complaint of any group as small as can be, then the next; what a group would pay
                        without the others is that of :attr:`ggu_costs.procurement.setup.Setup.game`
======================  =============================================================================================

Of the solutions of a game `shapley`, `owen` and `scrb` share out the joint cost alone, by what each adds to it;
`nucleolus` speaks of the game with the alternatives in it, and so does the test of every split: under it no group is
better off without the others wherever some split makes that so. The Shapley value of that game does not add up over
pools and is no rule here: ``shapley(case.game)`` gives it to 26 participants, ``sampled_shapley`` beyond.

Every rule splits the whole cost. All but `scrb` and `nucleolus` add up over pools; then a mixture of rules by pool is a
split as well, and scenarios of the amounts are a product.

A rule is added by an entry in :data:`RULES`, and with it in the schema, the splits, the comparison and the reasons why
a rule does not exist; how accurate it is follows from the certificates of its shares.

References
----------
Moulin, H. and Shenker, S. (1992). Serial cost sharing. Econometrica 60, 1009-1037.
de Frutos, M. A. (1998). Decreasing serial cost sharing under economies of scale. Journal of Economic Theory 79,
245-275.
Young, H. P., Okada, N. and Hashimoto, T. (1982). Cost allocation in water resources development. Water Resources
Research 18, 463-475.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from ggu_costs.allocation.sharing import share_by
from ggu_costs.errors import Faults, GguCostsError, InfeasibleError, InputError, UnknownNameError, did_you_mean, listed
from ggu_costs.games.limits import NUCLEOLUS_LIMIT, TOLERANCE
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.result import GameSolution
from ggu_costs.games.values import owen, scrb, shapley
from ggu_costs.money import exact_sum
from ggu_costs.procurement.setup import CostPool, Setup
from ggu_costs.procurement.shares import Shares
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import joined, message, word

RuleChoice: TypeAlias = str | Mapping[str, str]
"""A rule, or a mapping of pool to rule."""
Pools: TypeAlias = tuple[CostPool, ...]


def _no_volume(setup: Setup, _error: GguCostsError) -> str:
    return message("no_volumes" if setup.main_volume is None else "no_volume_in_region")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule for a split.

    Attributes
    ----------
    shares
        From the case and some of its pools to shares; an InputError where the rule does not exist for them.
    why_not
        From the case and that error to the cause.
    compared
        Put side by side with others unless asked otherwise.
    additive
        Its share in all pools is the sum of the shares in each.
    scenarios
        Of a rule that is not additive: from the case and a scale of each pool, shape (draws, pools), to shares, shape
        (draws, n). None where every scenario has to be solved anew.
    """

    shares: Callable[[Setup, Pools], Shares]
    why_not: Callable[[Setup, GguCostsError], str] = _no_volume
    compared: bool = False
    additive: bool = True
    scenarios: Callable[[Setup, FloatArray], FloatArray] | None = None


def rule_words(rule: RuleChoice, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Name a rule, or a mixture of rules by pool; `names` are those of the pools by their id.

    Examples
    --------
    >>> rule_words("shapley"), rule_words({"project": "equal"})
    ('naar gemiddelde meerkosten (Shapley)', 'project: gelijke delen')
    """
    if isinstance(rule, str):
        return word(rule, of="split_rule") if rule in RULES else rule
    return joined(message("titled", of=names.get(pool, pool), title=rule_words(name)) for pool, name in rule.items())


def rule_named(rule: str) -> str:
    """Name a rule of a comparison; a mixture, whose rules are told elsewhere, as such."""
    return rule_words(rule) if rule in RULES else message("rule_by_pool")


def shares_of(setup: Setup, rule: RuleChoice) -> Shares:
    """Shares under one rule, or one rule a pool.

    Raises
    ------
    UnknownNameError
        Another rule.
    InputError
        A mapping that does not name every pool, or names another; a rule that does not exist for its pools, and why.
    """
    if not isinstance(rule, Mapping):
        if not isinstance(rule, str) or rule not in RULES:
            raise UnknownNameError("rule for a split", str(rule), RULES)
        return RULES[rule].shares(setup, setup.pools)
    faults = Faults()
    check_mixture(setup, rule, faults)
    faults.check("one rule for each pool is needed", remedy="Name every pool once, with one of the rules.")
    each = [RULES[rule[pool.id]].shares(setup, (pool,)) for pool in setup.pools]
    methods = dict.fromkeys(method for shares in each for method in shares.methods)
    certificates = tuple(certificate for shares in each for certificate in shares.certificates)
    values = [shares.values for shares in each]
    parts = dict(zip([pool.id for pool in setup.pools], values, strict=True))
    return Shares(np.sum(values, axis=0), parts, tuple(methods), certificates)


def check_mixture(setup: Setup, rule: Mapping[str, str], faults: Faults) -> None:
    """Check that a mixture has one rule, by its name, for each pool."""
    known = {pool.id for pool in setup.pools}
    for name in sorted(known - rule.keys()):
        faults.add(name, "no rule for this pool")
    for name in sorted(rule.keys() - known, key=str):
        if name not in setup.pool_ids:
            faults.add(str(name), "no such pool", ", ".join(sorted(known)))
    for name, chosen in rule.items():
        check_rule(chosen, f"rule {chosen!r}", str(name), faults)


def check_rule(rule: object, text: str, where: str, faults: Faults) -> None:
    """Check that a rule has the name of one; `text` says what was found."""
    if not isinstance(rule, str) or rule not in RULES:
        faults.add(where, text, ", ".join(RULES), did_you_mean(str(rule), RULES))


def why_not(setup: Setup, rule: RuleChoice, error: GguCostsError) -> str:
    """Say why the split by a rule raised `error`: the cause at hand, with its figures."""
    if not isinstance(rule, str):
        return message("rule_not_for_pool")
    return RULES[rule].why_not(setup, error)


# Rules over one pool at a time, in closed form.


def _by_pool(share: Callable[[Setup, CostPool], FloatArray]) -> Callable[[Setup, Pools], Shares]:
    def shares(setup: Setup, pools: Pools) -> Shares:
        parts = {pool.id: share(setup, pool) for pool in pools}
        return Shares(np.sum(list(parts.values()), axis=0), parts, ("closed form",))

    return shares


def _inhabitants(setup: Setup, pool: CostPool) -> FloatArray:
    return share_by(setup.parties.people, pool.total, "no participant has inhabitants")


def _equal(setup: Setup, pool: CostPool) -> FloatArray:
    return np.full(setup.parties.count, pool.total / setup.parties.count)


def _volume_of(setup: Setup, pool: CostPool) -> FloatArray:
    volume = pool.pool.volume()
    volume = setup.main_volume if volume is None else volume
    if volume is None:
        raise InputError("the case has no volumes", remedy="State [[volumes]], or choose another rule.")
    return volume


def _volume(setup: Setup, pool: CostPool) -> FloatArray:
    return share_by(_volume_of(setup, pool), pool.total, "the volumes are 0 for everyone")


def _fixed_plus_volume(setup: Setup, pool: CostPool) -> FloatArray:
    own = pool.pool.own()
    if own is not None:
        return own
    return _equal(setup, pool) if pool.pool.volume() is None else _volume(setup, pool)


def _stand_alone(setup: Setup, pool: CostPool) -> FloatArray:
    if setup.alone is None:
        raise InputError("the case states no stand-alone costs", remedy="State [alternatives.stand_alone].")
    missing = setup.parties.where(np.isnan(setup.alone))
    if missing:
        raise InputError(
            f"the stand-alone cost is PM for {listed(missing)}",
            remedy="Give it, or choose a rule that does not need it.",
        )
    return share_by(setup.alone, pool.total, "the stand-alone costs are 0 for everyone")


def _no_stand_alone(setup: Setup, _error: GguCostsError) -> str:
    if setup.alone is None:
        return message("no_alone_costs")
    names = setup.parties.names_where(np.isnan(setup.alone))
    return message("alone_pm_for", names=names) if names else message("alone_zero")


def _average(setup: Setup, pool: CostPool) -> FloatArray:
    return pool.pool.average(lambda: _volume_of(setup, pool), pool.count)


def _serial(*, decreasing: bool) -> Callable[[Setup, CostPool], FloatArray]:
    return lambda _setup, pool: pool.pool.serial(pool.count, decreasing=decreasing)


# Rules that are solutions of a game. A game keeps its pools in the order in which they were given.


def _solved(solution: GameSolution, pools: Pools = ()) -> Shares:
    parts = None
    if pools and solution.parts:
        parts = dict(zip([pool.id for pool in pools], solution.parts.values(), strict=True))
    return Shares(solution.values, parts, (solution.certificate.method,), (solution.certificate,))


def _shapley(setup: Setup, pools: Pools) -> Shares:
    return _solved(shapley(setup.game_of(pools)), pools)


def _owen(setup: Setup, pools: Pools) -> Shares:
    if not setup.unions:
        raise InputError("the case states no regions that act together", remedy="State case.unions.")
    labels = np.array(setup.parties.regions(setup.unions))
    unions = [setup.parties.where(labels == label) for label in sorted({*labels.tolist()} - {""})]
    unions += [[code] for code in setup.parties.where(labels == "")]
    return _solved(owen(setup.game_of(pools), unions, seed=setup.seed), pools)


def _no_owen(setup: Setup, _error: GguCostsError) -> str:
    return message("sample_without_seed" if setup.unions else "no_regions")


def _scrb(setup: Setup, pools: Pools) -> Shares:
    return _solved(scrb(setup.game_of(pools)))


def _scrb_scenarios(setup: Setup, scales: FloatArray) -> FloatArray:
    """SCRB from separable and stand-alone costs, which add up over pools."""
    games = [setup.game_of((pool,)) for pool in setup.pools]
    separable = scales @ np.array([game.marginal for game in games])
    benefit = scales @ np.array([game.alone for game in games]) - separable
    joint = scales @ np.array([game.total for game in games]) - separable.sum(axis=1)
    whole = benefit.sum(axis=1)
    scale = np.maximum(1.0, np.abs(joint))
    none = np.abs(whole) <= TOLERANCE * scale
    if (none & (np.abs(joint) > TOLERANCE * scale)).any():
        raise InputError("scrb does not exist in some scenarios: no benefit remains", remedy="Choose shapley.")
    ratio = np.divide(joint, whole, out=np.zeros_like(joint), where=~none)
    return np.asarray(separable + benefit * ratio[:, None])


def _nucleolus(setup: Setup, pools: Pools) -> Shares:
    """Of the game with the alternatives in it; for some of the pools, which have none of their own, of their cost."""
    return _solved(setup.most_even if pools == setup.pools else nucleolus(setup.game_of(pools)))


def _no_nucleolus(setup: Setup, error: GguCostsError) -> str:
    if not isinstance(error, InfeasibleError):
        return message("nucleolus_limit", limit=NUCLEOLUS_LIMIT)
    alone = exact_sum(setup.game.alone)
    return message("dearer_together", total=setup.total, alone=alone, more=setup.total - alone)


RULES: Mapping[str, Rule] = {
    "inhabitants": Rule(
        shares=_by_pool(_inhabitants),
        why_not=lambda *_: message("nobody_has_inhabitants"),
        compared=True,
    ),
    "equal": Rule(shares=_by_pool(_equal), compared=True),
    "volume": Rule(shares=_by_pool(_volume), compared=True),
    "fixed_plus_volume": Rule(shares=_by_pool(_fixed_plus_volume), compared=True),
    "stand_alone": Rule(shares=_by_pool(_stand_alone), why_not=_no_stand_alone, compared=True),
    "average": Rule(shares=_by_pool(_average)),
    "serial": Rule(shares=_by_pool(_serial(decreasing=False))),
    "decreasing_serial": Rule(shares=_by_pool(_serial(decreasing=True))),
    "scrb": Rule(
        shares=_scrb,
        why_not=lambda *_: message("no_benefit_left"),
        compared=True,
        additive=False,
        scenarios=_scrb_scenarios,
    ),
    "shapley": Rule(shares=_shapley, compared=True),
    "owen": Rule(shares=_owen, why_not=_no_owen),
    "nucleolus": Rule(shares=_nucleolus, why_not=_no_nucleolus, compared=True, additive=False),
}
"""All rules by name."""
COMPARED = tuple(name for name, rule in RULES.items() if rule.compared)
"""Rules put side by side unless asked otherwise."""
