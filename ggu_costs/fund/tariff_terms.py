"""The tariff of a fund or fee, as a file says it: a fixed amount, and by class of inhabitants a rate or an amount."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from ggu_costs.errors import Faults
from ggu_costs.modelfile.values import Checked, Dated, Money, PerInhabitant, Whole


class Bracket(Checked):
    """One class (schijf, klasse): from this number of inhabitants, this rate, this amount, or both.

    Attributes
    ----------
    to_inhabitants
        Where it ends, if the source says so: that is where the next one begins. The last one has none.
    from_inhabitants
        Where the class begins; the first at 0.
    rate
        Euro per inhabitant.
    amount
        Euro for each municipality in the class.
    """

    from_inhabitants: Whole = Field(ge=0)
    to_inhabitants: Whole | None = None
    rate: PerInhabitant | None = None
    amount: Money | None = None


class TariffTerms(Checked):
    """A tariff on inhabitants.

    Attributes
    ----------
    mode
        ``marginal``: each rate for the inhabitants within its bracket; ``whole_class``: that of the class it falls in
        for all of them.
    up_to_and_including
        Who has exactly the number on a bound falls in the lower class (tot en met).
    fixed
        Euro that every municipality pays besides.
    brackets
        The classes, rising.
    """

    mode: Literal["marginal", "whole_class"]
    up_to_and_including: bool | None = None
    fixed: Money | None = None
    brackets: tuple[Bracket, ...] = Field(min_length=1)

    @property
    def values(self) -> Iterator[tuple[str, Dated]]:
        """Rates and amounts with their keys."""
        if self.fixed is not None:
            yield "fixed", self.fixed
        for position, bracket in enumerate(self.brackets):
            for name, value in (("rate", bracket.rate), ("amount", bracket.amount)):
                if value is not None:
                    yield f"brackets[{position}].{name}", value

    def check_table(self, faults: Faults, where: str) -> None:
        """Add the faults of the table: classes that do not start at 0, leave a gap or overlap, or have no price."""
        starts = [bracket.from_inhabitants for bracket in self.brackets]
        if starts[0] != 0 or starts != sorted(set(starts)):
            faults.add(f"{where}.brackets", f"from_inhabitants {starts}", "0 first, then rising")
        for position, bracket in enumerate(self.brackets):
            key = f"{where}.brackets[{position}]"
            if bracket.rate is None and bracket.amount is None:
                faults.add(key, "no rate and no amount", "a rate in EUR/inhabitant, an amount in EUR, or both")
            following = starts[position + 1] if position + 1 < len(starts) else None
            end = bracket.to_inhabitants
            if end is None or end == following:
                continue
            if following is None:
                faults.add(f"{key}.to_inhabitants", f"{end} in the last class", "none: it has no end")
            else:
                word = "a gap" if end < following else "an overlap"
                remedy = "With up_to_and_including, 'up to and including 20,000' ends at 20000, where the next begins."
                faults.add(f"{key}.to_inhabitants", f"{word} from {min(end, following)} to {max(end, following)}",
                           f"{following}, where the next class begins", remedy)  # fmt: skip
