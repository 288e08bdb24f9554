"""What a reader of the results has to know."""

from collections.abc import Iterable, Iterator

from ggu_costs.impact.programme.definition import ProgrammeDefinition, ProgrammeTerms
from ggu_costs.impact.programme.line_terms import Line, columns_of
from ggu_costs.impact.programme.scm_notes import scm_notes
from ggu_costs.impact.programme.until import awaited
from ggu_costs.modelfile import Inputs
from ggu_costs.modelfile.grant_keys import column_words, is_grant_column
from ggu_costs.modelfile.notes import Use, caribbean_note, carried_note, status_notes
from ggu_costs.words.messages import Message, message, word

_MIDDLE = {"triangular", "pert"}
"""Shapes with more in the middle of a range than at its ends."""


def indicative_note() -> Message:
    """Say that figures per municipality are broken down from national estimates."""
    return message("indicative_figures")


def sign_note() -> Message:
    """Say which way plus is."""
    return message("plus_is_cost")


def quantity_words(quantity: str) -> str:
    """Return the words for a question.

    Examples
    --------
    >>> quantity_words("net"), quantity_words("year:2026")
    ('lasten min baten, na compensatie', 'nettolast in 2026')
    """
    name, _, rest = quantity.partition(":")
    return message("quantity_at", name=name, at=rest) if rest else word(name, of="quantity")


def shape_words(shape: str) -> str:
    """Return the word for a shape."""
    return word(shape, of="value")


def is_indicative(definition: ProgrammeDefinition, inputs: Inputs) -> bool:
    """Whether figures per municipality are broken down from national estimates."""
    return definition.programme.indicative and not definition.national_only(inputs)


def notes_of(definition: ProgrammeDefinition, inputs: Inputs, *, second: bool = False) -> tuple[str, ...]:
    """Gather the notes of a programme: assumptions first, then what is not in it, then those of the file.

    `second`: every published range has its second shape.
    """
    national = definition.national_only(inputs)
    found: list[str] = [*_assumptions(definition, second), sign_note()]
    if national:
        shared = definition.programme.municipal_share is None
        names = list(awaited(definition.lines))
        found.append(message("national_until_brought", names=names) if shared else message("national_only"))
    elif definition.programme.municipal_share is not None:
        found.append(message("municipal_share_of_all"))
    if is_indicative(definition, inputs):
        found.append(indicative_note())
    found += _key_notes(definition, inputs)
    found += scm_notes(definition)
    found += _left_out(definition, inputs)
    found += [*definition.notes, caribbean_note()]
    found += carried_note(
        "figures", definition.day("counting_date"), definition.day("map_date"), reference=inputs.reference
    )
    found += status_notes(inputs.reference, use_of(definition))
    for day in dict.fromkeys(driver.forecast for driver in definition.drivers if driver.forecast):
        band = inputs.reference.band(day).attrs
        found.append(message("band_covers", what="inhabitants", day=day, coverage=band["coverage"], by=band["by"]))
    return tuple(dict.fromkeys(found))


def use_of(definition: ProgrammeDefinition) -> Use:
    """Return the reference figures and the map that a programme rests on."""
    named = [column for line in definition.lines for _, column in columns_of(line) if column not in definition.inputs]
    columns = tuple(dict.fromkeys(("inhabitants", *named)))
    return Use(columns, definition.day("counting_date"), definition.day("map_date"), definition.years[0])


def _assumptions(definition: ProgrammeDefinition, second: bool) -> Iterator[str]:
    ranges = [driver for driver in definition.drivers if driver.published_range]
    if ranges:
        yield message("assumed_here")
        shapes = {str(driver.second_shape) if second else driver.shape for driver in ranges}
        if shapes <= _MIDDLE or shapes == {"uniform"}:
            whose = list(dict.fromkeys(driver.shape_by for driver in ranges))
            yield message("middle_likelier" if shapes <= _MIDDLE else "all_alike", by=whose)
    for line in definition.lines:
        if line.sample is not None:
            yield message("from_a_sample", name=line.name)
        if line.survey is not None:
            facts = {name: getattr(line.survey, name) for name in ("asked", "answered", "usable", "who")}
            rate = line.amount if line.amount is not None and line.amount.unit == "EUR/inhabitant" else None
            key = "mean_of_survey" if rate is None else "mean_of_survey_per_inhabitant"
            yield message(key, name=line.name, **facts, **({} if rate is None else {"rate": rate.value}))


def _key_notes(definition: ProgrammeDefinition, inputs: Inputs) -> Iterator[str]:
    """By what a compensation falls that follows a uitkering, and which falls by inhabitants although it does not."""
    for line in definition.lines:
        if line.kind != "compensation" or line.key is None:
            continue
        for column in line.key.parts:
            if is_grant_column(column):
                yield message("falls_by_grant", name=line.name, key=column_words(column, inputs.keys[column].title))
            elif line.instrument == "algemene_uitkering":
                yield message("not_how_it_falls", name=line.name, key=column_words(column))


def ranges_read(definition: ProgrammeDefinition, *, second: bool = False) -> tuple[str, ...]:
    """Return how each published range was read; `second`: every one has its second shape."""
    found = []
    for driver in definition.drivers:
        if driver.published_range:
            shapes = [shape_words(driver.shape), shape_words(str(driver.second_shape))]
            shape, other = reversed(shapes) if second else shapes
            found.append(
                message("range_read_as", name=driver.name, reading=driver.read_as, shape=shape, by=driver.shape_by,
                        other=other)
            )  # fmt: skip
    return tuple(found)


def _left_out(definition: ProgrammeDefinition, inputs: Inputs) -> Iterator[str]:
    terms = definition.programme
    pm = [line.name for line in definition.lines if line.pm]
    if pm:
        yield message("without_pm_lines", names=pm)
    unused = [(part.name, part.reason) for part in definition.lines if part.unused]
    unused += [(part.name, part.reason) for part in definition.drivers if part.unused]
    for name, reason in unused:
        yield message("unused_on_purpose", name=name, reason=reason)
    for line in definition.lines:
        if line.bound:
            yield message(f"source_says_{line.bound}", name=line.name)
    level = terms.price_level if terms.prices == "constant" else ""
    yield message({"": "current_prices", "unknown": "price_level_unknown"}.get(level, "price_level_is"), level=level)
    if terms.discount is None:
        yield message("not_discounted")
    else:
        key = "discounted_real" if terms.discount.kind == "real" else "discounted_nominal"
        yield message(key, year=terms.discount.base_year, rate=terms.discount.rate.value)
        yield from terms.discount.notes({line.id: line.name for line in definition.lines})
    states = _vat_states(definition)
    if terms.vat is None or not states & {"incl", "excl"}:
        for state in sorted(states - {"none"}):
            yield message("vat_not_deducted", state=state)
        return
    yield message("recoverable_vat_pm" if _recoverable_is_pm(terms, inputs) else "after_recoverable_vat")
    if "unknown" in states:
        yield message("some_vat_unknown")
    if _recoverable_is_pm(terms, inputs) and "excl" in states:
        yield message("vat_added")


def vat_notes(definition: ProgrammeDefinition, inputs: Inputs) -> tuple[str, ...]:
    """Say in which VAT state amounts are, as a budget has to know it: net of what the fund returns, or not."""
    states, found = _vat_states(definition), []
    if states & {"incl", "excl"} and definition.programme.vat is not None:
        found.append("incl" if _recoverable_is_pm(definition.programme, inputs) else "net")
    else:
        found += sorted(states & {"incl", "excl"})
    found += sorted(states & {"none", "unknown"})
    return tuple(message(f"budget_vat_{state}") for state in found)


def bases_of(definition: ProgrammeDefinition, inputs: Inputs) -> tuple[str, ...]:
    """Return VAT and price level of costs and benefits, in a few words each; of compensation where nothing else is."""
    own = [line for line in definition.lines if line.kind != "compensation"] or definition.lines
    terms, states = definition.programme, _vat_states(definition, own)
    if terms.vat is None or not states & {"incl", "excl"}:
        found = [word(state, of="vat") for state in sorted(states)]
    else:
        found = [message("vat_back_pm" if _recoverable_is_pm(terms, inputs) else "vat_back_deducted")]
    level = terms.price_level if terms.prices == "constant" else "current"
    known = level not in ("current", "unknown")
    return (*found, message("price_level_of", level=level) if known else word(level, of="price_level"))


def _vat_states(definition: ProgrammeDefinition, lines: Iterable[Line] | None = None) -> set[str]:
    """VAT states of the amounts of lines, by default of all."""
    chosen = definition.lines if lines is None else lines
    return {str(part.vat) for part in map(definition.grounds, chosen) if part is not None}


def _recoverable_is_pm(terms: ProgrammeTerms, inputs: Inputs) -> bool:
    """Whether it is not known what comes back of VAT."""
    needed = None if terms.vat is None else terms.vat.recoverable_share.first.input
    return needed is not None and needed not in inputs
