"""What a model file says of the budget table: of which year, in which task field, with what index."""

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from ggu_costs.display.task_field import read_task_field
from ggu_costs.errors import Faults
from ggu_costs.modelfile.terms import Grounds
from ggu_costs.modelfile.values import Found, Number, Whole, Year, fault, missing_basis


def _task_field(value: str) -> str:
    """Read a code; empty where none is stated."""
    faults = Faults()
    code = read_task_field(value, "task_field", faults) if value else ""
    for wrong in faults:
        raise fault(wrong.found, wrong.allowed)
    return code


TaskField: TypeAlias = Annotated[str, AfterValidator(_task_field)]
"""Code of a task field (taakveld, Iv3); another form than Iv3 has is warned about."""


class BudgetTerms(Grounds):
    """The budget table of a run (begroting, BBV).

    Attributes
    ----------
    task_field
        In which costs and income fall, unless a line says otherwise; what the State pays has its own.
    first_year, years
        Year of the budget, and how many years it has.
    series, index
        For amounts in constant prices: which index, and its rise in each year after the price level, which rests on
        `status` with `source` or `by`.
    """

    task_field: TaskField = ""
    first_year: Year | None = None
    years: Annotated[Whole, Field(ge=1, le=50)] | None = None
    series: str = ""
    index: dict[Year, Number] = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        for year, rate in self.index.items():
            if not -1 < rate < 1:
                yield f"index {rate} for {year}", "a fraction above -1 and below 1; 2.5 per cent is 0.025", ""
        if self.index and not self.series:
            yield "index without series", "series = which index it is, such as CEP 2026", ""
        if self.index:
            yield from [("index without status", "status, with source or by", "")] if self.status is None else ()
            yield from missing_basis(self) if self.status is not None else ()
