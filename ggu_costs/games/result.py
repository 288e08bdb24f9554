"""Results of this room: frozen, labelled by player, each with the evidence for its claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs._version import __version__
from ggu_costs.brief import Brief
from ggu_costs.errors import Faults
from ggu_costs.frames import amend
from ggu_costs.games.coalitions import Coalition, positions
from ggu_costs.games.game import CostGame
from ggu_costs.games.limits import scale_of
from ggu_costs.results.portable import Portable
from ggu_costs.text import on_screen, one_line
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.display.report import Report


@dataclass(frozen=True)
class Level:
    """One level of the nucleolus: these coalitions are as well off as all of them together can be made.

    Attributes
    ----------
    excess : float
        (C(S) - x(S)) / wt(S) of each of them, euro (per member, or per euro, as weighted).
    coalitions : tuple
        Those with a positive dual: they cannot all be better off.
    duals : tuple of float
        Their duals; weighted by wt they add up to 1.
    """

    excess: float
    coalitions: tuple[Coalition, ...]
    duals: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Certificate(Brief):
    """Why a result can be believed.

    Attributes
    ----------
    method : str
        How it was computed.
    residual : float
        How far the defining equations are from being met, relative to max(1, abs(C(N))).
    coalition : tuple of str
        The witness: the coalition with the largest complaint, where the method found one.
    complaint : float or None
        Its complaint in euro.
    duals : mapping of coalition to weight
        Duals of the last linear programme: a weighted collection of coalitions that proves its optimum.
    levels : tuple of Level
        The levels of the nucleolus, first the worst off.
    standard_error, bound : array or None
        Of a sampled result, per player: standard error, and the bound that all players' errors meet together with the
        stated confidence.
    samples : int
        Orders drawn; 0 where nothing was sampled.
    reached : bool
        Whether the wanted accuracy was reached.
    notes : tuple of str
        What a reader should know.
    lattice_error : float
        Estimated error of volumes on a lattice, euro in two significant digits; 0 where there is none.
    """

    method: str
    residual: float = 0.0
    coalition: Coalition = ()
    complaint: float | None = None
    duals: Mapping[Coalition, float] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    standard_error: FloatArray | None = None
    bound: FloatArray | None = None
    samples: int = 0
    reached: bool = True
    notes: tuple[str, ...] = ()
    lattice_error: float = 0.0


@dataclass(frozen=True, eq=False)
class GameSolution(Portable, Brief):
    """What each player pays (in a profit game: receives) under one rule.

    Attributes
    ----------
    rule : str
        Name of the rule.
    values : numpy.ndarray
        Euro, shape (n,), in player order; cannot be written to.
    certificate : Certificate
    game : CostGame
    parts : mapping of str to array
        For rules that add up over cost pools: the share in each pool, shape (n,).
    epsilon : float or None
        Of the least core: the smallest possible largest complaint, euro.
    """

    rule: str
    values: FloatArray
    certificate: Certificate
    game: CostGame
    parts: Mapping[str, FloatArray] = field(default_factory=dict)
    epsilon: float | None = None

    def __post_init__(self) -> None:
        for shares in (self.values, *self.parts.values()):
            shares.setflags(write=False)

    @property
    def players(self) -> tuple[str, ...]:
        """Names, in the order of `values`."""
        return self.game.players

    @property
    def provenance(self) -> dict[str, object]:
        """What it was made from: library version, rule and method, SHA-256 of the game; no time stamps."""
        return {
            "library": f"ggu_costs {__version__}",
            "rule": self.rule,
            "method": self.certificate.method,
            "samples": self.certificate.samples,
            "game_sha256": self.game.digest(),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a table indexed by player (by code, with the name, where players have codes).

        Columns of a cost game: `share`, `alone` (C of the player alone), `saving`; of a profit game: `payoff`,
        `alone`, `gain`. Euro.
        """
        import pandas as pd

        coded = self.game.codes != self.game.players
        alone = self.game.alone
        frame = pd.DataFrame(index=pd.Index(self.game.codes, name="code" if coded else "player"))
        if coded:
            frame["name"] = list(self.players)
        if self.game.kind == "cost":
            frame["share"], frame["alone"], frame["saving"] = self.values, alone, alone - self.values
        else:
            frame["payoff"], frame["alone"], frame["gain"] = self.values, alone, self.values - alone
        amounts = [name for name in frame.columns if name != "name"]
        return amend(frame, units=dict.fromkeys(amounts, "EUR"), total=amounts[:1], rule=self.rule)

    def explain(self, player: str | int) -> str:
        """Write out the steps from the game to one player's amount, a line each.

        Raises
        ------
        InputError
            No such player.
        """
        faults = Faults()
        found = positions(self.players, self.game.codes, [player], "player", faults)
        faults.check("there is nothing to explain", remedy="Name a player of this game.")
        i = found[0]
        steps = [("alone", self.game.alone[i]), ("added to all others together", self.game.marginal[i])]
        steps += [(f"share in {name}", shares[i]) for name, shares in self.parts.items()]
        steps.append((self.rule, self.values[i]))
        lines = [self.players[i], *(f"  {step}: EUR {amount:,.2f}" for step, amount in steps)]
        return on_screen("\n".join(lines))

    def __repr__(self) -> str:
        pairs = ", ".join(
            f"{name}: {value:,.2f}" for name, value in list(zip(self.players, self.values, strict=True))[:6]
        )
        more = ", ..." if len(self.players) > 6 else ""
        return one_line(f"<{self.rule} of {self.game.kind} game: {pairs}{more}>")

    def report(self, *, lang: str = "nl") -> Report:
        """Return what each player pays as a report, in Dutch or English."""
        from ggu_costs.display.language import report_in
        from ggu_costs.display.report import Report
        from ggu_costs.display.table import Table

        title = message("solution_title", rule=self.rule)
        table = Table("result", title, self.to_frame())
        notes = self.certificate.notes
        return report_in(Report(title, (table,), notes=notes, provenance=self.provenance), lang)


def residual_of(values: FloatArray, total: float) -> float:
    """Return |sum - total| relative to max(1, |total|)."""
    return abs(float(np.sum(values)) - total) / scale_of(total)


@dataclass(frozen=True)
class Verdict(Brief):
    """Whether a property holds, and if not, for whom.

    Attributes
    ----------
    name : str
        The property.
    holds : bool or None
        None: not known, as an input it needs is missing.
    amount : float
        By how much it fails, euro; 0 where it holds, NaN where it is not known.
    witness : tuple of str
        The players for whom it fails (or for whom it is not known).
    detail : str
        In words.
    """

    name: str
    holds: bool | None
    amount: float
    witness: Coalition
    detail: str

    def __str__(self) -> str:
        state = {True: "met", False: "not met", None: "unknown"}[self.holds]
        return one_line(f"{self.name}: {state} ({self.detail})" if self.detail else f"{self.name}: {state}")
