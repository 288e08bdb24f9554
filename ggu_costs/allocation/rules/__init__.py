r"""The rules of :func:`ggu_costs.allocation.allocate`, a file each; a new one is a file and a word below.

`proportional` and `equal` share within bounds. The others share an amount :math:`E` among claims :math:`c_i \ge 0`
with :math:`0 \le E \le C = \sum_i c_i`:

* constrained equal awards (`cea`): :math:`x_i = \min(c_i, \lambda)`. Small claims are met in full first.
* constrained equal losses (`cel`): :math:`x_i = \max(0, c_i - \mu)`. Everyone gives up the same, nobody below 0.
* `talmud`: with half the claims as caps, awards are equal while :math:`E \le C/2` and losses are equal beyond. It is
  the nucleolus of the bankruptcy game.
* `random_arrival`: claimants come in random order and each takes what is left of the amount, up to the claim; the
  average over all orders. It is the Shapley value of the bankruptcy game.

A file holds ``RULE``: a :class:`~ggu_costs.allocation.by_weight.ByWeight` or an
:class:`~ggu_costs.allocation.on_claims.OnClaims`. The functions in them are exact and take clean values.

References
----------
Aumann, R. and Maschler, M. (1985). Game theoretic analysis of a bankruptcy problem from the Talmud. Journal of Economic
Theory 36, 195-213.
O'Neill, B. (1982). A problem of rights arbitration from the Talmud. Mathematical Social Sciences 2, 345-371.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from ggu_costs.errors import UnknownNameError, is_one_of

if TYPE_CHECKING:
    from ggu_costs.allocation.sharing import Rule

__all__ = ["RULES", "RuleName", "rule_named"]

RuleName: TypeAlias = Literal[
    "proportional",
    "equal",
    "cea",
    "cel",
    "talmud",
    "random_arrival",
]
RULES: tuple[RuleName, ...] = get_args(RuleName)
"""The rules of :func:`ggu_costs.allocation.allocate`; each is loaded when it is asked for."""


def rule_named(name: str) -> Rule:
    """Return a rule.

    Raises
    ------
    UnknownNameError
        No such rule.
    """
    if not is_one_of(name, RULES):
        raise UnknownNameError("rule", name, RULES)
    rule: Rule = import_module(f"{__name__}.{name}").RULE
    return rule
