"""Volumes that the user brings by code, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ggu_costs.errors import Faults, InputError
from ggu_costs.money import finite

if TYPE_CHECKING:
    from ggu_costs.typing import ByCode

__all__ = ["check_volumes"]


def check_volumes(use: object, known: Sequence[str], codes: Sequence[str], case: str) -> dict[str, ByCode]:
    """Check volumes by code.

    Parameters
    ----------
    use
        Figures by code (a Series or mapping) where the case has one volume; or a mapping of volume to such figures.
    known, codes, case
        Ids of the volumes of the case, codes of its participants, and its id.

    Raises
    ------
    InputError
        A volume that the case does not have; a participant without a figure; what is no figure, negative, not finite, 0
        for everyone, or of others; all at once.
    """
    import pandas as pd

    if not known:
        raise InputError(f"{case} has no volumes", remedy="State [[volumes]] in the file.")
    faults = Faults()
    checked: dict[str, ByCode] = {}
    for name, given in _by_volume(use, known, case).items():
        if name not in known:
            faults.add(str(name), "no such volume", ", ".join(known))
            continue
        if not isinstance(given, pd.Series | Mapping):
            faults.add(name, f"{type(given).__name__}, not figures by code", "a Series or mapping of code to figure")
            continue
        figures = given if isinstance(given, pd.Series) else pd.Series(dict(given), dtype=object)
        for code in figures.index[figures.index.duplicated()].unique():
            faults.add(f"{name} {code}", "twice", "each participant once")
        for code in [code for code in figures.index.unique() if code not in codes]:
            faults.add(f"{name} {code}", "does not take part", "participants only")
        by_code = figures[~figures.index.duplicated()].to_dict()
        clean = {code: finite(by_code.get(code)) for code in codes}
        for code, figure in clean.items():
            if figure is None or figure < 0:
                faults.add(f"{name} {code}", str(by_code.get(code, "no figure")), "finite, 0 or more")
        if not any(clean.values()):
            faults.add(name, "0 for everyone", "at least one above 0")
        checked[name] = pd.Series([float(figure or 0) for figure in clean.values()], index=pd.Index(codes, name="code"))
    faults.check(f"{case}: these volumes cannot be used", remedy="Give one figure for each participant, by code.")
    return checked


def _by_volume(use: object, known: Sequence[str], case: str) -> Mapping[str, object]:
    """Figures by volume: of the only one, or as they were given."""
    import pandas as pd

    if isinstance(use, Mapping) and any(name in known or isinstance(part, pd.Series | Mapping)
                                        for name, part in use.items()):  # fmt: skip
        return use
    if not isinstance(use, pd.Series | Mapping):
        raise InputError(
            f"volumes: {type(use).__name__}; allowed: figures by code", remedy="Give a Series or a mapping by code."
        )
    if len(known) > 1:
        raise InputError(f"{case} has the volumes {', '.join(known)}", remedy="Give a mapping of volume to Series.")
    return {known[0]: use}
