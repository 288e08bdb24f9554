"""A joint body, opened from a model file and asked what its participants contribute, now and in the years ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.joint import run
from ggu_costs.joint.body import BodyModel

if TYPE_CHECKING:
    from ggu_costs.display.report import Report


@dataclass(frozen=True)
class JointBody(BodyModel):
    """A joint body (gemeenschappelijke regeling, shared service organisation) over the years of its file."""

    def check(self) -> None:
        """Raise what a run would; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        self.report()

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: contributions, their change and the years ahead, for all or for one."""
        return run.report(self, municipality)
