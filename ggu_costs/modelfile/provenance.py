"""Where a result comes from, so that it can account for itself: no clock, no machine, the same for the same inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ggu_costs._version import __version__
from ggu_costs.errors import InputError

__all__ = ["provenance"]


def provenance(
    model: str,
    *,
    files: Mapping[str, str],
    inputs: Mapping[str, str] | None = None,
    changes: Sequence[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """Describe what a result follows from.

    Parameters
    ----------
    model
        Id of the model.
    files, inputs
        SHA-256 by id of each model file and by name of each input.
    changes
        What was changed in the model, in words.
    more
        Dates, method, seed and draws, where they apply.
    """
    if not files:
        raise InputError(f"{model}: no model file is named", remedy="Open the model with ggu.open_model.")
    return {
        "library": f"ggu_costs {__version__}",
        "model": model,
        "files": dict(files),
        "inputs": dict(inputs or {}),
        "changes": list(changes),
        **{name: str(value) if hasattr(value, "isoformat") else value for name, value in more.items()},
    }
