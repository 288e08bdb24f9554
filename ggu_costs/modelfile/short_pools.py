"""Cost pools in short, as a line of a programme states them: bare amounts, and columns of figures or classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ggu_costs.modelfile.pools import Stated
from ggu_costs.modelfile.values import Checked, Found, Number

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray


class ShortPool(Checked):
    """One cost pool of a joint facility: what a group would pay for it.

    Attributes
    ----------
    all_units
        Of a volume pool: the price of the tier that the volume falls in holds for every unit.
    levels
        Cost of the level that each class needs; every class that takes part, 0 where it needs none.
    kind
        What makes the cost: taking part at all, each participant, volume, the highest level, or each region.
    amount
        Euro: in all, of each participant or of each region.
    column
        Column of volumes, of classes or of regions.
    tiers
        Pairs of a volume and the price of a unit from there on.
    """

    kind: Literal["fixed", "per_participant", "volume", "levels", "regional"]
    amount: Number = Field(default=Decimal(0), ge=0)
    column: str = ""
    tiers: tuple[tuple[Number, Number], ...] = ()
    all_units: bool = False
    levels: dict[str, Number] = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        wanted = {"volume": ("column", "tiers"), "levels": ("levels",), "regional": ("column",)}.get(self.kind, ())
        missing = [name for name in wanted if not getattr(self, name)]
        if missing:
            yield f"a pool of kind {self.kind!r} without {' and '.join(missing)}", "all of them", ""

    @property
    def by_volume(self) -> bool:
        """Whether it is charged by the volumes in its column."""
        return self.kind == "volume"

    def stated(self, column: Callable[[str], FloatArray], labels: Callable[[str], Sequence[str]], n: int) -> Stated:
        """Return the pool for n participants.

        Parameters
        ----------
        column, labels
            Give the figures and the classes of the participants, by the name of a column.
        """
        match self.kind:
            case "fixed":
                return Stated("Fixed", {"amount": float(self.amount)})
            case "per_participant":
                return Stated("PerParticipant", {"amounts": [float(self.amount)] * n})
            case "volume":
                figures = {"volumes": column(self.column), "tiers": self.tiers, "all_units": self.all_units}
                return Stated("VolumeTiers", figures)
            case "levels":
                needs = labels(self.column or "size_class")
                return Stated("ServiceLevels", {"costs": [float(self.levels[label]) for label in needs]})
            case "regional":
                regions = labels(self.column)
                amounts = dict.fromkeys(regions, float(self.amount))
                return Stated("Regional", {"regions": regions, "amounts": amounts})
