r"""The nucleolus: the worst-off group as well off as can be, then the next, and so on.

It lexicographically maximises the sorted numbers

.. math:: e(S) = \frac{C(S) - x(S)}{wt(S)}, \qquad S \ne \emptyset, N,

with wt(S) = 1, the size of S or C(S), among the splits with x_i <= C({i}); in a profit game e(S) = (x(S) - v(S)) /
wt(S) and x_i >= v({i}). There is exactly one, and it is in the core whenever the core is not empty. A municipality
notices that no group has more reason to complain than is unavoidable.

References
----------
Schmeidler, D. (1969). The nucleolus of a characteristic function game. SIAM Journal on Applied Mathematics 17,
1163-1170.
Young, H. (1985). Cost allocation: methods, principles, applications. North-Holland.
"""

from typing import Literal

import numpy as np

from ggu_costs.errors import Faults, InfeasibleError, InputError, UnknownNameError, is_one_of
from ggu_costs.games.coalitions import named, sizes
from ggu_costs.games.figures import amount_text
from ggu_costs.games.game import CostGame, check_game
from ggu_costs.games.limits import NUCLEOLUS_LIMIT, TOLERANCE
from ggu_costs.games.result import Certificate, GameSolution, Level, residual_of
from ggu_costs.games.structured import airport_needs, airport_nucleolus, even_out
from ggu_costs.typing import FloatArray

_WEIGHTS = ("one", "size", "cost")
_METHODS = ("auto", "table", "pools")


def nucleolus(
    game: CostGame,
    weights: Literal["one", "size", "cost"] = "one",
    *,
    method: Literal["auto", "table", "pools"] = "auto",
) -> GameSolution:
    """Compute the nucleolus.

    Parameters
    ----------
    game
        To 20 players any game. At any n, with weights one, games of cost pools whose prices fall with the volume: with
        fixed and own amounts, service levels, one regional pool, and alternatives of single players and of groups that
        are regions of that pool, or of any other where there is none.
    weights
        What a complaint is measured by: `one` (euro a group), `size` (euro a member, the per-capita nucleolus), `cost`
        (a fraction of the group's own cost, the proportional nucleolus). A group with weight 0 keeps x(S) <= C(S) and
        is not ranked.
    method
        `table` or `pools` to insist on one; `auto` takes the pools for airport games (one pool of levels, nothing by
        volume) and beyond 20 players.

    Returns
    -------
    GameSolution
        From programmes the certificate has the levels: the groups that are tight, with their duals.

    Raises
    ------
    InfeasibleError
        No split has x_i <= C({i}), as the costs alone add up to less than C(N): the message gives the gap. Or the
        groups with a weight above 0 do not settle every share.
    InputError
        A negative C(S) with weights by cost; a game too large for its kind, with what is possible.
    UnknownNameError
        Weights or method by another name.

    Notes
    -----
    One player pays C(N). Two share the saving equally. Players alike pay the same. Where the costs alone fall short of
    C(N) by no more than 1e-9 of it, each pays its cost alone, scaled to C(N).

    With alternatives (:meth:`~ggu_costs.games.game.CostGame.with_alternatives`) it is that of the game in which whoever
    leaves may take them: where some split keeps every group, the nucleolus does. For 342 players it takes tenths of a
    second where single players, all but one, and regions decide, as they mostly do; up to a minute where many others.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> tva = CostGame.from_table([0, 163_520, 140_826, 301_607, 250_096, 378_821, 367_370, 412_584])
    >>> nucleolus(tva).values.round(6).tolist()
    [116234.0, 93540.0, 202810.0]
    >>> nucleolus(tva, "size").values.round(2).tolist()
    [120841.33, 105138.33, 186604.33]
    """
    check_game(game, "nucleolus")
    for what, name, allowed in (("weights", weights, _WEIGHTS), ("method", method, _METHODS)):
        if not is_one_of(name, allowed):
            raise UnknownNameError(what, name, allowed)
    _check_room(game)
    if game.n == 1:
        return GameSolution("nucleolus", np.array([game.total]), Certificate("one player"), game)
    if weights == "one" and method != "table":
        found = _from_pools(game, insist=method == "pools")
        if found is not None:
            return found
    if method == "pools":
        raise InputError(
            "the nucleolus from pools exists where prices fall with the volume and no two pools, or a pool and the "
            "alternatives, have regions that cross, with weights one",
            remedy=f"Use method='table', to {NUCLEOLUS_LIMIT} players.",
        )
    if game.n > NUCLEOLUS_LIMIT:
        raise InputError(
            f"the nucleolus of {game.n} players exists here where prices fall with the volume and no two pools, or a "
            "pool and the alternatives, have regions that cross, with weights one; any other game goes through its "
            f"table, to {NUCLEOLUS_LIMIT} players",
            remedy="Use least_core or shapley for these pools, or fewer players (regions instead of municipalities).",
        )
    return _from_table(game, weights)


def _check_room(game: CostGame) -> None:
    """Someone must be able to accept: the costs alone cover C(N), up to rounding."""
    gap = _gap(game)
    if gap > TOLERANCE * _largest(game):
        words = ("pays more than its cost", "below") if game.kind == "cost" else ("gets less than its gain", "above")
        total, alone, short = (amount_text(amount, like=gap) for amount in (game.total, float(np.sum(game.alone)), gap))
        raise InfeasibleError(
            f"there is no nucleolus: in every split of {total} someone {words[0]} alone, as the amounts alone "
            f"add up to {alone}, {words[1]} it by {short}",
            remedy=f"Check the joint {game.kind}; shapley, scrb and least_core exist also here.",
        )


def _gap(game: CostGame) -> float:
    """By how much the costs alone fall short of C(N); negative where there is room."""
    return (1.0 if game.kind == "cost" else -1.0) * (game.total - float(np.sum(game.alone)))


def _largest(game: CostGame) -> float:
    """C(N), or a cost alone where that is larger: what the amounts of a game are measured by."""
    return float(np.max(np.abs([game.total, *game.alone])))


def _alone(game: CostGame) -> FloatArray:
    """The costs alone where they miss C(N) by rounding: the miss is spread in proportion to their size."""
    sizes_alone = np.abs(game.alone)
    return game.alone + (game.total - float(np.sum(game.alone))) * (sizes_alone / float(np.sum(sizes_alone)))


def _from_pools(game: CostGame, *, insist: bool) -> GameSolution | None:
    from ggu_costs.games.worst import PoolSearch

    parts = game.parts
    if parts is None:
        return _from_families(game) if insist or game.n > NUCLEOLUS_LIMIT else None
    pieces = [part.pieces() for part in parts]
    own = np.sum([piece.own for piece in pieces if piece.own is not None] or [np.zeros(game.n)], axis=0)
    needs = airport_needs(pieces, game.n)
    crossing = any(piece.levels is not None or piece.regions for piece in pieces)
    if needs is None and not (insist or game.n > NUCLEOLUS_LIMIT):
        return None
    if needs is None and (crossing or not all(part.concave for part in parts)):
        return _from_families(game)
    search = PoolSearch(game)
    notes: tuple[str, ...] = ()
    reached = True
    if needs is not None:
        values = airport_nucleolus(needs) + own
        method, residual = "airport game, closed form", 0.0
    else:
        scale = game.total - float(np.sum(own))
        values, residual = own.copy(), 0.0
        if scale > 0:
            alone = game.alone - own
            ways = search.ways
            due, slopes = np.array(ways.due) / scale, (ways.slopes - own) / scale
            shares, residual = even_out(due, slopes, alone / np.sum(alone))
            values += shares * scale
        method = "concave volume game: transfers between pairs, checked over all pairs"
        reached = residual <= TOLERANCE
        notes = () if reached else ("the transfers did not settle to the tolerance",)
    witness = search.worst(values)
    certificate = Certificate(
        method,
        residual=max(residual, residual_of(values, game.total)),
        coalition=named(game.players, witness.members),
        complaint=witness.complaint,
        reached=reached,
        notes=notes,
    )
    return GameSolution("nucleolus", values, certificate, game)


def _from_families(game: CostGame) -> GameSolution | None:
    """From families of groups that grow; None for a game that is no such form."""
    from ggu_costs.games.families import Families

    if game.splitting is None:
        return None
    scale = _largest(game) or 1.0
    families = Families(game, game.splitting, scale)
    tight = _gap(game) > 0.0  # by rounding, else it was refused: there is one split, and no room for programmes
    values = _alone(game) if tight else families.solve() * scale
    least, row = families.worst(values / scale)
    first = families.steps[0].excess if families.steps else least
    certificate = Certificate(
        "every share is the amount alone: there is no other split that each accepts"
        if tight
        else "linear programmes over a family of groups, checked over all groups",
        residual=max(residual_of(values, game.total), abs(least - first)),
        coalition=named(game.players, row),
        complaint=float(np.sum(values[row]) - game.costs(row[None, :])[0]),
        levels=tuple(
            Level(step.excess * scale, tuple(named(game.players, one) for one in step.members), tuple(step.duals))
            for step in families.steps
            if step.members
        ),
    )
    return GameSolution("nucleolus", values, certificate, game)


def _from_table(game: CostGame, weights: str) -> GameSolution:
    from ggu_costs.games.lexicographic import Lexicographic

    table = game.table(limit=NUCLEOLUS_LIMIT)
    sign = 1.0 if game.kind == "cost" else -1.0
    scale = _largest(game) or 1.0
    weighted, unit = _weights_of(game, table, weights, scale)
    solver = Lexicographic(table * (sign / scale), weighted)
    tight = _gap(game) > 0.0  # by rounding, else it was refused: there is one split, and no room for programmes
    nothing = InfeasibleError(
        "there is no nucleolus with weights by cost: groups of cost 0 would have to pay, or shares stay open",
        remedy="Use weights='one' or weights='size'.",
    )
    try:
        shares = _alone(game) * (sign / scale) if tight else solver.solve()
    except InfeasibleError as error:
        if weights != "cost":
            raise
        raise nothing from error
    least, mask, over = solver.check(shares)
    if tight and over > TOLERANCE:
        raise nothing
    values = _alone(game) if tight else sign * scale * shares
    levels = tuple(
        Level(stage.excess * unit, tuple(named(game.players, one) for one in stage.masks), tuple(stage.duals))
        for stage in solver.stages
        if stage.masks
    )
    first = levels[0].excess / unit if levels else least
    certificate = Certificate(
        "every share is the amount alone: there is no other split that each accepts"
        if tight
        else f"linear programmes over the table, weights {weights}",
        residual=max(residual_of(values, game.total), over, abs(least - first)),
        coalition=named(game.players, mask),
        complaint=sign * (float(np.sum(values[[bool(mask >> i & 1) for i in range(game.n)]])) - float(table[mask])),
        levels=levels,
    )
    return GameSolution("nucleolus", values, certificate, game)


def _weights_of(game: CostGame, table: FloatArray, weights: str, scale: float) -> tuple[FloatArray | None, float]:
    """wt(S) of the scaled game, and the unit of e(S)."""
    if weights == "one":
        return None, scale
    if weights == "size":
        return sizes(game.n).astype(np.float64), scale
    negative = np.flatnonzero(table < 0)
    faults = Faults()
    for mask in negative:
        faults.add(", ".join(named(game.players, int(mask))), f"{table[mask]:g}", "0 or more")
    faults.check("weights by cost need costs of 0 or more", remedy="Use weights='one' or weights='size'.")
    return table / scale, 1.0
