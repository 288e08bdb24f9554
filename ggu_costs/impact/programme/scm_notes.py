"""What a reader of lines by the standard cost model has to know: whose rates, overhead, what is done anyway, groups."""

from collections.abc import Iterator
from decimal import Decimal

from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.words.messages import message


def scm_notes(definition: ProgrammeDefinition) -> Iterator[str]:
    """Yield every note: first on rates, then on lines."""
    for table in definition.hourly_rates:
        if table.whose == "state":
            yield message("rates_of_state", name=table.name, year=table.year)
        if table.overhead == "included":
            yield message("rates_with_overhead", name=table.name)
    rates = definition.rates_by_id
    for line in definition.lines:
        scm = line.scm
        if scm is None:
            continue
        if scm.overhead is not None and scm.rates in rates:
            share = scm.overhead.value
            yield message("rates_overhead_added", name=rates[scm.rates].name, share=share, line=line.name)
        for name, usual in {line.name: scm.usual, **{s.name: s.usual for s in scm.steps if s.usual}}.items():
            figure = usual.figure
            share = figure.value if figure is not None else None
            if not isinstance(share, Decimal):
                yield message("usual_deducted_uncertain", name=name)
            elif share:
                yield message("usual_deducted", name=name, share=share)
        if scm.made_up_of and scm.cases.figure is not None:
            groups = [message("group_of_volume", name=part.name, volume=part.cases.value) for part in scm.made_up_of]
            yield message("price_of_groups", name=line.name, volume=scm.cases.figure.value, groups=groups)
