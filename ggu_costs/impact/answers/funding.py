"""What is known of compensation: stated by a line, said to be nothing, or a memorandum item (PM), which is never nil.

Where it is not known there is no net, no probability of a loss and no adequacy: figures are before compensation.
"""

from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.programme.assembly import Alternative, Assembly
from ggu_costs.words.messages import message, word

Simulated = TypeVar("Simulated", bound=SimulationResult)

NATURES = ("one_off", "structural")

CHANCE = ("probability_of_loss", "probability_error")
"""Columns of a frame of distributions that say how probable a loss is."""

_BEFORE = {"net": "gross", "year": "gross", "one_off_net": "one_off", "structural_net": "structural"}
"""What is told instead of a figure after compensation."""


def natures_of(result: SimulationResult) -> tuple[str, ...]:
    """Return the natures of which some cost or benefit has an amount."""
    known = {role.nature for role in result.lines() if role.kind != "compensation" and not role.pm}
    return tuple(nature for nature in NATURES if nature in known)


def unknown_natures(result: SimulationResult) -> tuple[str, ...]:
    """Return the natures of which there are costs or benefits, and of which compensation is not known (PM)."""
    sides = [alternative for _, alternative in result.assembly.sides(result.selection)]
    return tuple(nature for nature in NATURES if any(is_unpaid(result.assembly, side, nature) for side in sides))


def is_unpaid(assembly: Assembly, side: Alternative, nature: str) -> bool:
    """Whether an alternative has costs or benefits of a nature, of which compensation is not known (PM)."""
    roles = [assembly.roles[name] for name in side.terms if assembly.roles[name].nature == nature]
    paid = [role for role in roles if role.kind == "compensation"]
    if any(role.pm for role in paid):
        return True
    return len(paid) < len(roles) and not paid and not assembly.paid_in_full


def is_told(result: SimulationResult, quantity: str) -> bool:
    """Whether a figure can be told: those after compensation need to know it."""
    name = quantity.removeprefix("-").partition(":")[0]
    if name not in _BEFORE:
        return True
    unknown = unknown_natures(result)
    return not any(nature in unknown for nature in NATURES if name in ("net", "year", f"{nature}_net"))


def told(result: SimulationResult, quantity: str) -> str:
    """Return a question after compensation, or the same before it where compensation is not known."""
    if is_told(result, quantity):
        return quantity
    name, colon, rest = quantity.partition(":")
    return f"{_BEFORE[name]}{colon}{rest}"


def require_told(result: SimulationResult, quantity: str) -> None:
    """Refuse a probability of what is not known.

    Raises
    ------
    InputError
        A figure after compensation, where compensation is not known.
    """
    if not is_told(result, quantity):
        raise InputError(
            f"{quantity!r}: compensation is not stated (PM), so that nobody knows how probable a loss is",
            remedy=f"Ask {told(result, quantity)!r}, before compensation; or state it: a line of kind 'compensation', "
            "or that there is none (programme.compensation in a file, paid_in_full=True in Python).",
        )


def without_chance(result: SimulationResult, frame: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """Return a frame of distributions with how probable a loss is as PM, where compensation is not known."""
    if is_told(result, quantity):
        return frame
    return frames.amend(frame.assign(**dict.fromkeys(CHANCE, np.nan)), pm=[*frame.attrs.get("pm", ()), *CHANCE])


def with_notes(result: Simulated) -> Simulated:
    """Return a result that says of which natures compensation is not known, in any alternative."""
    unknown = {nature for name in result.alternatives for nature in unknown_natures(result.alternative(name))}
    if not unknown:
        return result
    natures = [word(nature, of="nature") for nature in NATURES if nature in unknown]
    return replace(result, notes=(*result.notes, message("compensation_pm", natures=natures)))
