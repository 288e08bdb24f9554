"""Bytes damaged as disks, networks and editors do it."""

from __future__ import annotations

import random
from collections.abc import Sequence


def damaged(content: bytes, chance: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """Change bytes: one, some, a stretch that goes, comes or is there again, the end cut off, a part of others."""
    others = others or [content]
    for _ in range(chance.choice((1, 1, 2, 5, 50))):
        at = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 2, 10, 200))
        match chance.randrange(6):
            case 0:
                content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
            case 1:
                content = content[:at] + content[at + length :]
            case 2:
                content = content[:at] + chance.randbytes(length) + content[at:]
            case 3:
                content = content[:at] + content[at : at + length] * chance.choice((2, 2, 500)) + content[at:]
            case 4 if chance.random() < 0.1:
                content = content[:at]
            case _:
                other = chance.choice(others)
                start = chance.randrange(max(len(other), 1))
                content = content[:at] + other[start : start + length] + content[at:]
    return content
