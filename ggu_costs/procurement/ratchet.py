"""The ratchet to the lowest price (kliksysteem): at the end of a year all prices of a supplier become its lowest.

Next year everyone who buys from that supplier within the framework pays the lowest price that anyone paid it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import read_figures
from ggu_costs.procurement.setup import Setup
from ggu_costs.results.base import Result
from ggu_costs.typing import FloatArray
from ggu_costs.words.label import in_words
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel


def lowest_price(suppliers: Sequence[str], prices: Sequence[float] | FloatArray) -> FloatArray:
    """Return the price of each buyer after the ratchet: the lowest that anyone pays the same supplier.

    Raises
    ------
    InputError
        Unequal lengths, nobody, or prices that are negative or not finite.

    Examples
    --------
    >>> lowest_price(["A", "B", "A"], [12.0, 9.0, 10.5]).tolist()
    [10.5, 9.0, 10.5]
    """
    faults = Faults()
    read = read_figures(prices, "prices", faults, least=0)
    faults.check("the lowest price cannot be found", remedy="Correct the prices listed.")
    paid = np.zeros(0) if read is None else read
    if paid.ndim != 1 or not paid.size or len(suppliers) != paid.size:
        faults.add(
            "prices", f"{paid.size} prices of {len(suppliers)} suppliers", "one price for each buyer, one or more"
        )
    faults.check("the lowest price cannot be found", remedy="Correct the prices listed.")
    labels = np.array(suppliers)
    lowest = np.empty_like(paid)
    for supplier in dict.fromkeys(suppliers):
        inside = labels == supplier
        lowest[inside] = paid[inside].min()
    return lowest


@dataclass(frozen=True, kw_only=True, eq=False)
class RatchetResult(Result):
    """Prices and cost a year before and after the ratchet, by participant.

    Attributes
    ----------
    suppliers
        Of each participant.
    before, after : numpy.ndarray
        Price a unit, euro, shape (n,).
    volume : numpy.ndarray
        Units a year, shape (n,).
    """

    setup: Setup
    suppliers: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    volume: FloatArray

    @property
    def saving(self) -> float:
        """Saving of all together in the year after, euro unrounded."""
        return float(np.sum((self.before - self.after) * self.volume))

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, supplier, volume, price_before, price_after, cost_before, cost_after, saving`` by code."""
        frame = self.setup.parties.frame()
        frame["supplier"], frame["volume"] = list(self.suppliers), self.volume
        frame["price_before"], frame["price_after"] = self.before, self.after
        frame["cost_before"], frame["cost_after"] = self.before * self.volume, self.after * self.volume
        frame["saving"] = frame["cost_before"] - frame["cost_after"]
        units: dict[str, str] = dict.fromkeys(("cost_before", "cost_after", "saving"), "EUR")
        units |= dict.fromkeys(("price_before", "price_after"), "EUR/unit")
        return self._framed(frame, units, total=("volume", "cost_before", "cost_after", "saving"))

    def by_supplier(self) -> pd.DataFrame:
        """Return ``participants, volume, highest, lowest, saving`` by supplier."""
        labels = np.array(self.suppliers)
        rows = []
        for supplier in sorted(set(self.suppliers)):
            inside = labels == supplier
            paid, saved = self.before[inside], ((self.before - self.after) * self.volume)[inside].sum()
            rows.append((supplier, int(inside.sum()), self.volume[inside].sum(), paid.max(), paid.min(), saved))
        names = ["supplier", "participants", "volume", "highest", "lowest", "saving"]
        frame = pd.DataFrame(rows, columns=names).set_index("supplier")
        units = {"highest": "EUR/unit", "lowest": "EUR/unit", "saving": "EUR"}
        return self._framed(frame, units, total=("participants", "volume", "saving"))


def apply_ratchet(case: CaseModel) -> RatchetResult:
    """Return prices and cost after the ratchet to the lowest price within a supplier (kliksysteem).

    Raises
    ------
    InputError
        The file states no contracts, or none for some participants.
    """
    terms = case.definition.ratchet
    if terms is None:
        raise InputError(f"{case.id} states no contracts with suppliers", remedy="State [ratchet] in the file.")
    parties = case.setup.parties
    contracts = {holder: contract for contract in terms.contracts for holder in contract.holders}
    by_party = parties.by_specific(contracts)
    missing = [code for code, contract in zip(parties.codes, by_party, strict=True) if contract is None]
    if missing:
        raise InputError(
            f"{case.id}: no contract for {in_words(missing, 'en')}", remedy="Name a code, size class or kind as holder."
        )
    stated = [contract for contract in by_party if contract is not None]
    suppliers = tuple(contract.supplier for contract in stated)
    prices = case.numbers.each([contract.price for contract in stated], parties)
    unknown = [code for code, price in zip(parties.codes, prices, strict=True) if price is None]
    if unknown:
        raise InputError(
            f"{case.id}: no price for {in_words(unknown, 'en')}", remedy="Give it in the file, or as an input."
        )
    before = np.array([float(price) for price in prices if price is not None])
    return RatchetResult(
        title=message("ratchet_of", title=case.title),
        notes=(
            *case.notes(),
            message("ratchet_rule"),
        ),
        provenance=case.provenance(ratchet="lowest price within a supplier"),
        illustrative=case.definition.illustrative,
        setup=case.setup,
        suppliers=suppliers,
        before=before,
        after=lowest_price(suppliers, before),
        volume=case.setup.volumes[terms.volume],
    )
