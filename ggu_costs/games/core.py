r"""Is every group better in than on its own? The core (kern), its witness, and whether a game is concave.

A split x is in the core when :math:`x(S) \le C(S)` for every coalition S. The largest complaint
:math:`\max_S x(S) - C(S)` over S not empty and not N says how far it is from that; the coalition that attains it is the
witness. For a game of cost pools the answer is exact at any n.

References
----------
Gillies, D. (1959). Solutions to general non-zero-sum games. Contributions to the Theory of Games IV, 47-85.
Shapley, L. (1971). Cores of convex games. International Journal of Game Theory 1, 11-26.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults
from ggu_costs.games.coalitions import Coalition, member_rows, named, subset_sums
from ggu_costs.games.figures import amount_text, decimals_of, player_figures
from ggu_costs.games.game import CostGame, Kind, check_game
from ggu_costs.games.limits import TABLE_LIMIT, TOLERANCE, WALK_LIMIT, scale_of
from ggu_costs.games.result import Certificate, GameSolution, Verdict
from ggu_costs.text import one_line
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import euro, message, say

if TYPE_CHECKING:
    from ggu_costs.games.figures import Figures
    from ggu_costs.games.worst import Witness

    Shares: TypeAlias = GameSolution | Figures
    """What each player pays: a result of this room, figures in player order, or labelled by name or code."""


@dataclass(frozen=True, eq=False)
class CoreCheck(Brief):
    """Whether a split is stable, and the group with the largest complaint.

    Attributes
    ----------
    stable : bool
        The complaint is at most 1e-9 max(1, abs(C(N))).
    coalition : tuple of str
        The group with the largest complaint, neither empty nor everyone; empty for a game of one player.
    complaint : float
        Euro: what the group would pay less on its own (in a profit game: gain more); negative when every group is
        strictly better in; -inf for a game of one player.
    certificate : Certificate
        `residual`: by how much, relative to max(1, abs(C(N))), a larger complaint could exist unseen.
    kind : {"cost", "profit"}
        Of the game: a group pays less on its own, or gains more.
    tolerance : float
        Euro: a complaint up to this is none.
    """

    stable: bool
    coalition: Coalition
    complaint: float
    certificate: Certificate
    kind: Kind
    tolerance: float

    def sentence(self, lang: str = "nl") -> str:
        """Say the outcome in one sentence, in Dutch or English.

        Examples
        --------
        >>> from ggu_costs.games.game import CostGame
        >>> core_check(CostGame.from_savings([0, 4, 1, 6], ["a", "b"]), [3, 3]).sentence()
        'Stabiliteit: a houdt zelfstandig € 1,00 meer over'
        """
        group = self.coalition
        if not self.stable:
            amount = euro(self.complaint, decimals=decimals_of(self.complaint))
            return say(message(f"{self.kind}_broken", names=group, count=len(group), amount=amount), lang)
        if not group:
            return say(message(f"{self.kind}_kept"), lang)
        better = -self.complaint if -self.complaint > self.tolerance else 0.0
        amount = euro(better, decimals=decimals_of(better))
        return say(message(f"{self.kind}_kept_closest", names=group, amount=amount), lang)

    def __str__(self) -> str:
        return one_line(self.sentence("en"))


def core_check(game: CostGame, shares: Shares) -> CoreCheck:
    """Find the coalition with the largest complaint against a split.

    Parameters
    ----------
    game
        To 26 players any game; games of cost pools of any size.
    shares
        What each player pays (profit game: receives); must add up to C(N).

    Raises
    ------
    InputError
        Shares that are no finite numbers, are too few or do not add up; a game too large for its kind.

    Notes
    -----
    A group that pays exactly its own cost is content: ties do not count against a split.

    How long it takes, for 342 players. Concave pools with at most one pool of levels and one regional pool have a
    closed form: about a millisecond. Crossing pools (several of levels or regions) and pools that are not concave
    (rising prices, all-units discounts) take a linear programme of some hundredths of a second for every way to combine
    the tiers of the volume pools: tenths of a second for one pool of three tiers, a second or so for three of them.
    A mixed-integer programme follows only for ways whose bound exceeds the best group found by then. With discounts
    that is seldom; with rising prices and shares nearly in proportion to the volumes it looks for a group whose volume
    ends on the bound of a tier, which took up to a minute, and can in theory take twice as long for every player more.
    Fewer tiers, or regions in place of municipalities, help.

    With alternatives beside the facility (:meth:`~ggu_costs.games.game.CostGame.with_alternatives`) a group that leaves
    may split up. In closed form as well; where there is none, and beyond 20 players, it goes one way as a whole, so
    that a complaint above 0 may be larger still, and `stable` is right all the same.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> tva = CostGame.from_table([0, 163_520, 140_826, 301_607, 250_096, 378_821, 367_370, 412_584], ["n", "f", "p"])
    >>> check = core_check(tva, [117_829, 100_756.5, 193_998.5])
    >>> check.stable, check.coalition, check.complaint
    (True, ('f',), -40069.5)
    >>> print(core_check(tva, [200_000, 100_000, 112_584]))
    Stability: n is €36,480.00 better off alone
    """
    check_game(game, "core_check")
    values = read_shares(game, shares)
    tolerance = TOLERANCE * scale_of(game.total)
    if game.n == 1:
        alone = Certificate("one player: there is no other group")
        return CoreCheck(True, (), -np.inf, alone, game.kind, tolerance)
    witness, method = _largest(game, values)
    coalition = named(game.players, witness.members)
    residual = max(0.0, witness.bound - witness.complaint) / scale_of(game.total)
    certificate = Certificate(method, residual=residual, coalition=coalition, complaint=witness.complaint)
    stable = witness.complaint <= tolerance
    return CoreCheck(stable, coalition, witness.complaint, certificate, game.kind, tolerance)


def read_shares(game: CostGame, shares: Shares, *, whole: bool = True) -> FloatArray:
    """Check a split: one finite figure a player; with `whole` together C(N)."""
    faults = Faults()
    stated: object = shares
    if isinstance(shares, GameSolution):  # of a game with the same players, in any order
        stated = dict(zip(shares.players, shares.values, strict=True))
    values = player_figures(stated, game.players, game.codes, "shares", faults, least=None)
    short = game.total - float(np.sum(values))
    if whole and not faults and abs(short) > TOLERANCE * scale_of(game.total):
        faults.add(
            "shares",
            f"add up to {amount_text(float(np.sum(values)), like=short)}",
            f"{amount_text(game.total, like=short)}, the {game.kind} of everyone together",
            f"Share out the difference of {amount_text(short)} first.",
        )
    faults.check(f"this is not a split of the joint {game.kind}", remedy="Correct the shares listed.")
    return values


def _largest(game: CostGame, values: FloatArray) -> tuple[Witness, str]:
    from ggu_costs.games.worst import PoolSearch, Witness

    if game.parts is not None:
        search = PoolSearch(game)
        if game.n > WALK_LIMIT or search.closed_form:
            return search.worst(values), "all tiers, levels and regions"
    elif game.alternatives is not None and game.joint.parts is not None:
        from ggu_costs.games.leaving import LeavingSearch

        if game.splitting is not None:
            return LeavingSearch(game).worst(values), "all tiers, levels and regions, and all that a group could split"
        if game.n > WALK_LIMIT:
            return LeavingSearch(game).worst(values), "all groups that stay together, and all that take alternatives"
    table = game.table(
        limit=TABLE_LIMIT, method="the core check of a game without cost pools", instead="State the game as cost pools."
    )
    complaints = subset_sums(values) - table
    if game.kind == "profit":
        np.negative(complaints, out=complaints)
    first = 1 + int(np.argmax(complaints[1:-1]))
    largest = float(complaints[first])
    return Witness(member_rows([first], game.n)[0], largest, largest), "the whole table"


def concavity(game: CostGame) -> Verdict:
    r"""Check whether a cost game is concave (a profit game: convex): in a larger group nobody adds more.

    Concave: :math:`C(S \cup i) + C(S \cup j) \ge C(S \cup ij) + C(S)` for all S and i, j outside it. Then the Shapley
    value is in the core, and the core is not empty.

    Returns
    -------
    Verdict
        `holds` is None where it is not known: a game of more than 20 players with rising prices or all-units
        discounts. The witness is S with i and j, `amount` by how much the inequality fails.

    Raises
    ------
    InputError
        More than 20 players and no cost pools.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> concavity(CostGame.from_table([0, 10, 10, 15])).holds
    True
    >>> concavity(CostGame.from_table([0, 10, 10, 25])).witness
    ('1', '2')
    """
    check_game(game, "concavity")
    if game.parts is not None and all(part.concave for part in game.parts):
        return Verdict("concave", True, 0.0, (), "every cost pool is concave")
    if game.parts is not None and game.n > WALK_LIMIT:
        return Verdict("concave", None, np.nan, (), "a pool has rising prices or an all-units discount")
    table = game.table(limit=WALK_LIMIT, method="the concavity check", instead="State the game as cost pools.")
    sign = 1.0 if game.kind == "cost" else -1.0
    worst, place = 0.0, (0, 0, 0)
    for j in range(game.n):
        for i in range(j):
            cells = table.reshape(1 << (game.n - 1 - j), 2, 1 << (j - 1 - i), 2, 1 << i)
            gap = sign * (cells[:, 1, :, 1] + cells[:, 0, :, 0] - cells[:, 0, :, 1] - cells[:, 1, :, 0])
            largest = float(gap.max())
            if largest > worst:
                high, middle, low = np.unravel_index(int(np.argmax(gap)), gap.shape)
                worst, place = largest, (int(high << (j + 1) | middle << (i + 1) | low), i, j)
    name = "concave" if game.kind == "cost" else "convex"
    if worst <= TOLERANCE * scale_of(game.total):
        return Verdict(name, True, 0.0, (), "all pairs in all coalitions")
    base, i, j = place
    detail = f"{game.players[i]} and {game.players[j]} beside {', '.join(named(game.players, base)) or 'nobody'}"
    return Verdict(name, False, worst, named(game.players, base | 1 << i | 1 << j), detail)
