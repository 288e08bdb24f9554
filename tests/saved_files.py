"""Saved results taken apart and put together otherwise, with a hash that is right: what a hostile file may hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ggu_costs.impact.saved import container

Facts = dict[str, Any]
Arrays = dict[str, np.ndarray]


def parts_of(path: Path) -> tuple[Facts, Arrays]:
    """What a file holds, as anyone can read it who has zip, JSON and numpy."""
    with np.load(path) as members:
        arrays = {name: members[name] for name in members.files}
    return json.loads(arrays.pop("result.json")), arrays


def remade(path: Path, change: Callable[[Facts, Arrays], object]) -> Path:
    """Change a file in place and sign it."""
    facts, arrays = parts_of(path)
    change(facts, arrays)
    return container.write(path, json.dumps(facts).encode(), arrays)


def signed(path: Path, content: bytes) -> Path:
    """Write bytes that end as a saved result does."""
    import hashlib

    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    return path
