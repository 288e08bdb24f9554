"""What a model file of kind ``ballot`` says: the rule that gives each municipality its votes, checked."""

from datetime import date
from typing import Literal

from pydantic import Field

from ggu_costs.errors import Faults
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.values import Checked, DateValue, Status, Whole, missing_basis
from ggu_costs.reference import Reference


class WeightRule(Checked):
    """Votes of a municipality (stemgewicht): one each, or one for every `per` inhabitants, rounded, within bounds.

    Attributes
    ----------
    rule
        One vote each, or votes by inhabitants.
    per
        Inhabitants for a vote.
    rounding
        What a part of a vote becomes.
    minimum
        Votes that each has at least.
    maximum
        Votes that each has at most.
    """

    rule: Literal["one_each", "per_inhabitants"]
    per: Whole = Field(default=1, ge=1)
    rounding: Literal["up", "down", "nearest"] = "up"
    minimum: Whole = Field(default=1, ge=0)
    maximum: Whole | None = Field(default=None, ge=1)
    status: Status
    source: str = ""
    by: str = ""
    note: str = ""


class BallotDefinition(Header):
    """A scale of votes, with the day of the assembly and the counting date it is shown for.

    Attributes
    ----------
    weights
        How many votes a municipality has.
    """

    kind: Literal["ballot"]
    weights: WeightRule
    map_date: DateValue
    counting_date: DateValue

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults that show between the parts of the rule."""
        super().check(faults, reference)
        rule = self.weights
        if rule.rule == "one_each":
            for name in sorted(rule.model_fields_set & {"per", "rounding", "minimum", "maximum"}):
                faults.add(f"weights.{name}", "with rule 'one_each', which does not use it", "rule = 'per_inhabitants'")
        if rule.maximum is not None and rule.maximum < rule.minimum:
            faults.add("weights.maximum", str(rule.maximum), f"the minimum of {rule.minimum} or more")
        for fault in missing_basis(rule):
            faults.add("weights", *fault)
        for name in ("map_date", "counting_date"):
            value = getattr(self, name).first.value
            if not isinstance(value, date):
                faults.add(name, "no date", "value = a date")

    @property
    def illustrative(self) -> bool:
        """Whether the rule is made up for the example."""
        return self.weights.status == "illustrative" or super().illustrative
