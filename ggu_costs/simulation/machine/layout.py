"""Where the results stand: a row for each unit and group of an output, and for each joint figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ggu_costs.simulation.parts import Detail, Output, Specification
from ggu_costs.typing import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class RowLayout:
    """Rows of the results: per output its units, then its groups; the joint figures last.

    Attributes
    ----------
    outputs, joints
        Names.
    units
        Codes, in the order of rows per unit.
    groups
        Pairs (grouping, label), in the order of rows per group; all units together first.
    unit_row, group_row
        int64, shape (outputs,): where the units and the groups of each output begin, -1 where they are not kept.
    group_rows
        int64, shape (outputs,): how many rows the groups of each have; one where only the nation is kept.
    joint_row
        int64, shape (joint figures,): the row of each.
    histogram
        int64, shape (rows,): the histogram of each row, -1 for none.
    thresholds
        float64, shape (rows, most thresholds), NaN where there are fewer.
    """

    outputs: tuple[str, ...]
    joints: tuple[str, ...]
    units: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    unit_row: IntArray
    group_row: IntArray
    group_rows: IntArray
    joint_row: IntArray
    histogram: IntArray
    thresholds: FloatArray

    @classmethod
    def of(cls, spec: Specification) -> RowLayout:
        """Lay out the results of a specification."""
        starts: dict[str, list[int]] = {"units": [], "groups": []}
        histogram: list[bool] = []
        limits: list[list[float]] = []
        most = max(len(output.thresholds) for output in spec.outputs)
        for output in spec.outputs:
            padded = [*output.thresholds, *[np.nan] * (most - len(output.thresholds))]
            for what, detail, count in (
                ("units", output.units, len(spec.units)),
                ("groups", *_of_groups(output, spec)),
            ):
                starts[what].append(len(histogram) if detail != "none" else -1)
                if detail != "none":
                    histogram += [detail == "distribution"] * count
                    limits += [padded] * count
        joint_row = len(histogram) + np.arange(len(spec.joints))
        histogram += [True] * len(spec.joints)
        limits += [[np.nan] * most] * len(spec.joints)
        return cls(
            outputs=tuple(output.name for output in spec.outputs),
            joints=tuple(joint.name for joint in spec.joints),
            units=spec.units,
            groups=spec.group_names,
            unit_row=np.array(starts["units"], np.int64),
            group_row=np.array(starts["groups"], np.int64),
            group_rows=np.array([_of_groups(output, spec)[1] for output in spec.outputs], np.int64),
            joint_row=joint_row,
            histogram=np.where(histogram, np.cumsum(histogram) - 1, -1).astype(np.int64),
            thresholds=np.array(limits, float).reshape(len(histogram), most),
        )

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.histogram.size

    @property
    def histograms(self) -> int:
        """Number of histograms."""
        return int(self.histogram.max(initial=-1)) + 1

    def unit_of(self, row: int) -> int:
        """Position of the unit that a row belongs to; -1 for a row of a group or of a joint figure."""
        starts = self.unit_row[(self.unit_row >= 0) & (self.unit_row <= row) & (row < self.unit_row + len(self.units))]
        return row - int(starts[0]) if starts.size else -1


def _of_groups(output: Output, spec: Specification) -> tuple[Detail, int]:
    """How much is kept of the groups of an output, and of how many."""
    return ("distribution", 1) if output.groups == "nation" else (output.groups, len(spec.group_names))
