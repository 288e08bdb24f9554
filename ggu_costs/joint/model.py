"""A joint body, opened from a model file and asked what its participants contribute, now and in the years ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.joint import run
from ggu_costs.joint.body import BodyModel
from ggu_costs.joint.compare import BodyComparison, compare_bodies

if TYPE_CHECKING:
    from ggu_costs.display.report import Report


@dataclass(frozen=True)
class JointBody(BodyModel):
    """A joint body (gemeenschappelijke regeling, shared service organisation) over the years of its file."""

    def compare(self, *others: JointBody, year: int | None = None) -> BodyComparison:
        """Put this body and one or two others side by side, such as an earlier version of it, and say why they differ.

        Parameters
        ----------
        others
            Opened joint bodies.
        year
            A year that all of them have; by default the budget year of this one, or else the first that they share.

        Raises
        ------
        InputError
            Another number of bodies, no year in common, or another way in which VAT is passed on.
        OutsidePeriodError
            A year that one of them has not.
        """
        return compare_bodies(self, *others, year=year, kind=JointBody)

    def check(self) -> None:
        """Raise what a run would; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        self.report()

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: contributions, their change and the years ahead, for all or for one."""
        return run.report(self, municipality)
