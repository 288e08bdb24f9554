"""What a reader of the results has to know, in Dutch."""

from collections.abc import Iterator

from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.modelfile import Inputs
from ggu_costs.modelfile.notes import caribbean_note, carried_note
from ggu_costs.words import numbers
from ggu_costs.words.label import label

ASSUMED = "Onder de aannames van deze analyse, niet van het onderzoek"
"""Heads every result of a range for which the source gives no shape."""
INDICATIVE = "Bedragen per gemeente zijn indicatief: ze zijn uitgesplitst uit landelijke ramingen."
SIGN = "Plus is een last voor gemeenten: netto = kosten - baten - vergoeding."
_BOUNDS = {
    "at_least": "de bron zegt ten minste dit bedrag; de uitkomst is een ondergrens",
    "at_most": "de bron zegt ten hoogste dit bedrag; de uitkomst is een bovengrens",
}
_READINGS = {
    "min_max": "minimum en maximum", "p10_p90": "P10 en P90", "mean_sd": "gemiddelde en standaardafwijking",
    "p50_sd": "mediaan en spreiding van de logaritme", "quantiles": "kwantielen",
}  # fmt: skip


def quantity_words(quantity: str) -> str:
    """Return the words for a question.

    Examples
    --------
    >>> quantity_words("net"), quantity_words("year:2026")
    ('netto', 'netto in 2026')
    """
    name, _, rest = quantity.partition(":")
    return f"{label(name, of='quantity')} {rest}".rstrip()


def shape_words(shape: str) -> str:
    """Return the word for a shape."""
    return label(shape, of="value")


def is_indicative(definition: ProgrammeDefinition, inputs: Inputs) -> bool:
    """Whether figures per municipality are broken down from national estimates."""
    return definition.programme.indicative and not definition.national_only(inputs)


def notes_of(definition: ProgrammeDefinition, inputs: Inputs, *, second: bool = False) -> tuple[str, ...]:
    """Gather the notes of a programme: assumptions first, then what is not in it, then those of the file.

    `second`: every published range has its second shape.
    """
    national = definition.national_only(inputs)
    found = [*_assumptions(definition, second), SIGN]
    if national:
        found.append(
            "Alleen landelijke bedragen, van alle betrokken overheden samen: het deel van gemeenten is niet opgegeven."
        )
    elif definition.programme.municipal_share is not None:
        found.append("Gepubliceerde bedragen zijn van alle betrokken overheden samen; gerekend is met het deel van "
                     "gemeenten dat is opgegeven.")  # fmt: skip
    if is_indicative(definition, inputs):
        found.append(INDICATIVE)
    found += _left_out(definition, inputs)
    found += [*definition.notes, caribbean_note()]
    found += carried_note("figures", definition.day("counting_date"), definition.day("map_date"))
    return tuple(dict.fromkeys(found))


def _assumptions(definition: ProgrammeDefinition, second: bool) -> Iterator[str]:
    ranges = [driver for driver in definition.drivers if driver.published_range]
    if ranges:
        yield f"{ASSUMED}."
    for driver in ranges:
        reading = _READINGS[driver.read_as]
        shapes = [shape_words(driver.shape), shape_words(str(driver.second_shape))]
        shape, other = reversed(shapes) if second else shapes
        yield (
            f"{driver.name}: gepubliceerde bandbreedte gelezen als {reading}; vorm {shape} aangenomen door "
            f"{driver.shape_by}; de tabel staat er ook met {other}."
        )
    for line in definition.lines:
        if line.sample is not None:
            yield f"{line.name}: uit een steekproef; wie niet antwoordde, is geacht te lijken op wie dat wel deed."


def _left_out(definition: ProgrammeDefinition, inputs: Inputs) -> Iterator[str]:
    terms = definition.programme
    pm = [line.name for line in definition.lines if line.pm]
    if pm:
        yield f"Exclusief PM: {'; '.join(pm)}."
    for line in definition.lines:
        if line.bound:
            yield f"{line.name}: {_BOUNDS[line.bound]}."
    level = terms.price_level if terms.prices == "constant" else ""
    yield {"": "Lopende prijzen.", "unknown": "Prijspeil onbekend: de bron noemt het niet."}.get(
        level, f"Prijspeil {level}."
    )
    if terms.discount is None:
        yield "Niet contant gemaakt."
    else:
        rate = numbers.percent(terms.discount.rate.value, decimals=2)
        kind = "reële" if terms.discount.kind == "real" else "nominale"
        yield (
            f"Netto, kosten, baten en vergoeding over alle jaren zijn contant gemaakt naar {terms.discount.base_year} "
            f"met {rate} {kind} rente; eenmalig, structureel, per jaar, per post en de toereikendheid niet."
        )
    grounds = map(definition.grounds, definition.lines)
    states = {str(part.vat) for part in grounds if part is not None}
    if terms.vat is None or not states & {"incl", "excl"}:
        for state in sorted(states - {"none"}):
            yield f"Bedragen: {label(state, of='vat')}; compensabele btw is niet afgetrokken."
        return
    needed = terms.vat.recoverable_share.first.input
    if needed is not None and needed not in inputs:
        yield "Compensabele btw is PM: het deel dat de gemeente terugkrijgt, is niet opgegeven."
    else:
        yield "Na aftrek van compensabele btw (BTW-compensatiefonds)."
    if "unknown" in states:
        yield "Van sommige bedragen is onbekend of er btw in zit; die zijn ongewijzigd overgenomen."
