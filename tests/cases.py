"""How many random cases a test tries: as many as it says, times the factor of the profile that the environment names.

``HYPOTHESIS_PROFILE=nightly`` tries ten times as many; ``quick`` a quarter, for a look while writing.
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import settings

FACTORS: Final = {"quick": 0.25, "default": 1, "nightly": 10}
EVERY_MODEL: Final = "EVERY_MODEL" in os.environ
"""Whether what takes long is tried on every shipped model, as .ci/nightly does, not on one of each kind."""
PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "default")


def cases(count: int) -> settings:
    """Settings of a test that tries `count` cases; no case has a deadline, since a first one may compile."""
    return settings(max_examples=max(2, round(count * FACTORS[PROFILE])), deadline=None)
