"""What stands for the nation until the user brings inputs (`until` of a line), and what then takes its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ggu_costs.errors import Faults, did_you_mean
from ggu_costs.impact.programme.line_terms import Alternative, Line, columns_of
from ggu_costs.modelfile import Inputs
from ggu_costs.modelfile.sources import InputNeed


def awaited(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the inputs that lines stand for the nation until."""
    return tuple(dict.fromkeys(name for line in lines for name in line.until))


def rests_on(line: Line, names: Sequence[str]) -> bool:
    """Whether a line takes a column, or its amount, from one of these inputs."""
    brought = {column for _, column in columns_of(line)} | {line.amount.input if line.amount is not None else None}
    return bool(brought & set(names))


def check_until(
    lines: Sequence[Line], alternatives: Sequence[Alternative], inputs: Mapping[str, InputNeed], faults: Faults
) -> None:
    """Add a fault for inputs that are not there or not optional, and for a line whose place nothing takes."""
    waiting = awaited(lines)
    for line in lines:
        for name in line.until:
            if name not in inputs:
                remedy = did_you_mean(name, inputs)
                faults.add(f"lines.{line.id}.until", f"unknown input {name!r}", "one of [inputs]", remedy)
            elif not inputs[name].optional or inputs[name].scope != "municipality":
                found = f"{name!r}, which is not optional, or not a figure for each municipality"
                faults.add(f"lines.{line.id}.until", found, "optional = true and scope = 'municipality'")
        if line.until and rests_on(line, waiting):
            faults.add(f"lines.{line.id}", "rests on an input that it stands until", "a national amount")
    known = {line.id: line for line in lines}
    for part in alternatives:
        own = [known[name] for name in part.lines if name in known]
        if any(line.until for line in own) != any(rests_on(line, waiting) for line in own):
            allowed = "lines with until, and the lines that take their place"
            faults.add(f"alternatives.{part.id}.lines", "one without the other", allowed)


def left_out(lines: Sequence[Line], inputs: Inputs) -> frozenset[str]:
    """Return the ids of lines that do not count with these inputs: told until they came, or waiting for them.

    Raises
    ------
    MissingInputError
        Some of the inputs that a line stands until were given, and others not.
    """
    for line in lines:
        if any(name in inputs for name in line.until):
            inputs.require(line.until)
    there = {name for name in awaited(lines) if name in inputs}
    lacking = [name for name in awaited(lines) if name not in inputs]
    return frozenset(line.id for line in lines if there & set(line.until) or rests_on(line, lacking))
