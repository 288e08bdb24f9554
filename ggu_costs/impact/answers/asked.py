"""What a result rests on: the runner and the selection, and how its frames say what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ggu_costs.display.result import Result
from ggu_costs.errors import MissingInputError, UnknownNameError
from ggu_costs.impact.answers.frames import statistics
from ggu_costs.impact.answers.questions import DISCOUNTED, JOINED
from ggu_costs.impact.answers.runner import Runner
from ggu_costs.impact.programme.notes import INDICATIVE

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.programme.assembly import Assembly, Role

__all__ = ["NATION", "SHOWN", "AskedResult"]

NATION = "nation"
SHOWN = {True: -5, False: -3}
"""Decimals that people are shown of an amount: 0.1 million for the nation, 1,000 for a municipality."""


@dataclass(frozen=True, kw_only=True)
class AskedResult(Result):
    """What every answer is made of.

    Attributes
    ----------
    selection
        The alternative, or two joined by `` - ``.
    needs
        The input without which only national figures can be given.
    municipal_share
        Part of published amounts that falls to municipalities, where these are of all governments together.
    """

    runner: Runner = field(repr=False)
    selection: str
    needs: str = ""
    municipal_share: float | None = None

    @property
    def assembly(self) -> Assembly:
        """The programme in arrays."""
        return self.runner.assembly

    @property
    def alternatives(self) -> dict[str, str]:
        """Id and name of each alternative."""
        return {choice.id: choice.name for choice in self.assembly.choices}

    @property
    def draws(self) -> int:
        """Number of draws; of each replicate, where there are several."""
        return self.runner.settings.draws

    @property
    def complete(self) -> bool:
        """Whether all draws were made; after an interrupt not, and ``simulate(..., resume=result)`` goes on."""
        return "draws_asked" not in self.provenance if self.runner.main is None else self.runner.main.complete

    @property
    def indicative(self) -> bool:
        """Whether figures per municipality were broken down from national estimates."""
        return INDICATIVE in self.notes

    def digest(self) -> str:
        """Return the SHA-256 of all summaries of the net figures: the same bits give the same digest."""
        return self.runner.digest

    def lines(self) -> tuple[Role, ...]:
        """Return the lines in this selection, in the order of the file."""
        inside: set[str] = set()
        for name in self.selection.split(JOINED):
            inside |= set(self.assembly.choice(name).terms)
        return tuple(role for name, role in self.assembly.roles.items() if name in inside)

    def _municipal(self) -> None:
        """Refuse figures per municipality where only the nation is known."""
        if self.assembly.national:
            raise MissingInputError(
                f"{self.title}: figures per municipality need input {self.needs!r}, which was not given",
                names=[self.needs],
                remedy=f"Give it with --data {self.needs}=NUMBER, or data={{{self.needs!r}: ...}}.",
            )

    def _over(self, quantity: str) -> str:
        """Words for the years a figure adds up, which one year does not need."""
        years = self.assembly.years
        if quantity not in DISCOUNTED or len(years) == 1:
            return ""
        return f", {years[0]}-{years[-1]} opgeteld" + (" en contant" if (self.assembly.discount != 1.0).any() else "")

    def _told(self) -> tuple[str, ...]:
        """Main figures that some line of this selection is in."""
        return self.runner.told(self.selection)

    def _of(self, of: str) -> int | None:
        """Place of a municipality; None for the nation."""
        if of == NATION:
            return None
        self._municipal()
        return self._place(of)

    def _place(self, code: str) -> int:
        if code not in self.assembly.units:
            raise UnknownNameError("municipality in this result", code, self.assembly.units)
        return self.assembly.units.index(code)

    def _people(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(
            {"name": list(self.assembly.names), "inhabitants": self.assembly.inhabitants},
            index=pd.Index(self.assembly.units, name="code"),
        )

    def _of_rows(self, rows: list[Any], index: list[Any], name: str, words: str) -> pd.DataFrame:
        import pandas as pd

        frame = pd.DataFrame(rows).reset_index(drop=True)
        frame.index = pd.Index(index, name=name)
        return self._marked(frame, words)

    def _marked(self, frame: pd.DataFrame, words: str, *, nation: bool = True, own: bool = False) -> pd.DataFrame:
        """Put title, units and notes on a frame, how it is rounded for people, and what was said of it before.

        `own`: its figures are of single municipalities.
        """
        told = dict(frame.attrs)
        units = dict.fromkeys(statistics(frame), "EUR") | {"probability_of_loss": "probability"}
        units |= {"probability_error": "share"} | told.get("units", {})
        names = " min ".join(self.assembly.choice(name).name for name in self.selection.split(JOINED))
        chosen = "" if len(self.assembly.choices) == 1 else f", {names}"
        framed = self._framed(frame, units, pm=told.get("pm", ()))
        marked = own and self.indicative
        framed.attrs["title"] = f"{self.title}{chosen}: {words}" + (" (indicatief)" if marked else "")
        errors = dict.fromkeys((name for name in map(str, frame.columns) if name.endswith("_error")), 0)
        framed.attrs["decimals"] = {"EUR": SHOWN[nation]} | {
            name: places for name, places in errors.items() if framed.attrs["units"].get(name) == "EUR"
        }
        framed.attrs |= {"indicative": True} if marked else {}
        framed.attrs |= {key: value for key, value in told.items() if key not in ("units", "title")}
        return framed
