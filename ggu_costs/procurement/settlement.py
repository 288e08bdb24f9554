"""Advance by forecast, settlement by use (voorschot en afrekening): the split on real volumes, minus the advances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.display.result import Result
from ggu_costs.errors import Faults, InputError
from ggu_costs.money import euros, finite
from ggu_costs.procurement.words import RuleChoice, rule_words

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.case import ProcurementCase
    from ggu_costs.procurement.split import Split
    from ggu_costs.typing import ByCode

__all__ = ["UseSettlement", "check_volumes", "settle"]


@dataclass(frozen=True, kw_only=True)
class UseSettlement(Result):
    """Final share minus advance of each participant; plus = pay more.

    Attributes
    ----------
    advance, final
        Splits on the forecast and on the real volumes.
    """

    advance: Split
    final: Split

    @property
    def total(self) -> float:
        """Settlement of all together, euro: the joint cost on real volumes minus that on the forecast."""
        return (self.final.total_cents - self.advance.total_cents) / 100

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, forecast, use, advance, final, settlement`` by code; amounts in euro."""
        import pandas as pd

        parties = self.advance.setup.parties
        frame = pd.DataFrame({"name": list(parties.names)}, index=pd.Index(parties.codes, name="code"))
        frame["forecast"], frame["use"] = self.advance.setup.main_volume, self.final.setup.main_volume
        frame["advance"], frame["final"] = self.advance.values, self.final.values
        frame["settlement"] = euros(self.final.cents - self.advance.cents)
        columns = ("advance", "final", "settlement")
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=("forecast", "use", *columns))


def check_volumes(case: ProcurementCase, use: object) -> dict[str, ByCode]:
    """Check volumes by code.

    Parameters
    ----------
    use
        Figures by code (a Series or mapping) where the case has one volume; or a mapping of volume to such figures.

    Raises
    ------
    InputError
        A volume that the case does not have; a participant without a figure; what is no figure, negative, not finite, 0
        for everyone, or of others; all at once.
    """
    import pandas as pd

    known = [volume.id for volume in case.definition.volumes]
    if not known:
        raise InputError(f"{case.id} has no volumes", remedy="State [[volumes]] in the file.")
    faults = Faults()
    checked: dict[str, ByCode] = {}
    codes = list(case.setup.parties.codes)
    for name, given in _by_volume(case, use, known).items():
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
        held = figures[~figures.index.duplicated()].to_dict()
        clean = {code: finite(held.get(code)) for code in codes}
        for code, figure in clean.items():
            if figure is None or figure < 0:
                faults.add(f"{name} {code}", str(held.get(code, "no figure")), "finite, 0 or more")
        if not any(clean.values()):
            faults.add(name, "0 for everyone", "at least one above 0")
        checked[name] = pd.Series([float(figure or 0) for figure in clean.values()], index=pd.Index(codes, name="code"))
    faults.check(f"{case.id}: these volumes cannot be used", remedy="Give one figure for each participant, by code.")
    return checked


def _by_volume(case: ProcurementCase, use: object, known: list[str]) -> Mapping[str, object]:
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
        raise InputError(f"{case.id} has the volumes {', '.join(known)}", remedy="Give a mapping of volume to Series.")
    return {known[0]: use}


def settle(case: ProcurementCase, use: object, rule: RuleChoice) -> UseSettlement:
    """Settle on real volumes; see :meth:`ggu_costs.procurement.case.ProcurementCase.settle`."""
    advance = case.split(rule)
    final = case.with_changes(volumes=check_volumes(case, use)).split(rule)
    return UseSettlement(
        title=f"{case.definition.title}: afrekening op afname, {rule_words(rule)}",
        notes=(*advance.notes, "Voorschot naar raming, afrekening naar werkelijke afname bij dezelfde prijzen."),
        provenance=case.provenance(settled="use", rule=rule_words(rule)),
        illustrative=case.definition.illustrative,
        advance=advance,
        final=final,
    )
