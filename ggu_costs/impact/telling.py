"""How the figures of a programme are said: what was published before what the analysis gives, each with its basis.

One-off, structural and present value stand apart, all before compensation or all after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ggu_costs.brief import Brief
from ggu_costs.impact.answers.funding import NATURES, unknown_natures
from ggu_costs.impact.answers.leading import after_compensation, leading
from ggu_costs.impact.answers.readings import figures_by_reading, ranges_of, readings_of
from ggu_costs.impact.answers.surveys import surveyed
from ggu_costs.impact.horizon import present_value_words
from ggu_costs.impact.programme.driver_terms import number
from ggu_costs.impact.programme.line_terms import PublishedRange
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.spoken import Mark, chances, costs_between, costs_more, digits_of, step_of
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.words.messages import joined, message, word

_NAMED = 3
"""Lines that are named as the reason; the others are counted."""
_ROUND = 2
"""Significant digits of a published figure up to which it is told as "circa"."""
_SURE = 0.005
"""A probability nearer to 0 or 1 is not told: the sign is certain."""


@dataclass(frozen=True, kw_only=True)
class Told(Brief):
    """One figure as it is said.

    Attributes
    ----------
    words
        How much higher or lower costs are.
    about
        The same with what is known of its range.
    basis
        The range, in words, and who assumed the shapes; empty where that is in the words.
    published
        Who published it; empty of a figure of the analysis.
    lacks
        What the source does not give of it: a range, or a central estimate.
    """

    words: str
    about: str
    basis: tuple[str, ...]
    published: str = ""
    lacks: str = ""


def tell(result: ImpactResult, quantity: str) -> Told:
    """Say one figure of the nation: as it was published where it was, else as the analysis gives it."""
    item = published_of(result, quantity)
    if item is not None:
        return _as_published(result, item)
    rows = result.runner.nation(result.selection, quantity)
    mean, inside = float(rows.mean[0]), surveyed(result).values()
    if inside and _same(*(float(rows.quantile(p)[0]) for p in (0.05, 0.95))):
        words, of = costs_more(mean, step=step_of(mean), how="about"), message("no_interval_of_survey")
        return Told(words=words, about=message("costs_of_which", what=words, of=of), basis=(of,))
    return tell_rows(rows, unspread=_unspread(result, quantity), shapes=shapes_by(result))


def tell_rows(rows: Rows, *, unspread: str, shapes: str, place: int = 0, bound: Mark = "") -> Told:
    """Say a simulated figure: its mean, and between what 90 % of the draws are.

    Parameters
    ----------
    unspread
        What is said where there is no spread.
    shapes
        Whose the distributions are.
    bound
        ``at_least`` or ``at_most``, where the amount is one.
    """
    mean, (low, high) = float(rows.mean[place]), (float(rows.quantile(p)[place]) for p in (0.05, 0.95))
    if _same(low, high):
        words = costs_more(float(f"{mean:.9g}"), how=bound)
        return Told(words=words, about=words, basis=(unspread,) if unspread else ())
    step = step_of(mean, low, high)
    words, between = costs_more(mean, step=step, how="about"), costs_between(low, high, step=step)
    whole = message("costs_expected", what=words, between=between)
    of = message("interval_of", between=between, by=shapes) if shapes else message("interval", between=between)
    return Told(words=words, about=whole, basis=(of,))


def _same(low: float, high: float) -> bool:
    return abs(high - low) <= 1e-9 * max(abs(low), abs(high), 1.0)


def published_of(result: ImpactResult, quantity: str) -> PublishedRange | None:
    """Return what a source published of a figure before compensation, in this alternative and of these governments."""
    if result.definition is None or result.municipal_share not in (None, 1.0) or quantity not in NATURES:
        return None
    first = result.assembly.alternatives[0].id
    return next(
        (item for item in result.definition.published
         if item.of == quantity and (item.alternative or first) == result.selection), None,
    )  # fmt: skip


def _as_published(result: ImpactResult, item: PublishedRange) -> Told:
    assert result.definition is not None  # noqa: S101 (it was published in a file)
    source = result.definition.sources[next(iter(item.figures().values())).source]
    by = source.publisher or source.title
    if item.value is not None:
        value = number(item.value)
        round_one = digits_of(value) <= _ROUND  # as a source writes what it knows roughly
        words = costs_more(value, how="at_least" if item.reading == "at_least" else "about" if round_one else "")
        of = message("no_range")
        return Told(
            words=words, about=message("costs_of_which", what=words, of=of),
            basis=(message("published_by", by=by), of), published=by, lacks=of,
        )  # fmt: skip
    words, of = costs_between(number(item.low), number(item.high)), message("no_middle")
    return Told(
        words=words, about=message("costs_of_which", what=words, of=of),
        basis=(message("published_by", by=by), of), published=by, lacks=of,
    )  # fmt: skip


def shapes_by(result: ImpactResult) -> str:
    """Return who assumed the distributions; empty of a programme made in Python."""
    drivers = () if result.definition is None else result.definition.drivers
    whose = (driver.shape_by or driver.by for driver in drivers if driver.shape != "fixed" and not driver.unused)
    return ", ".join(dict.fromkeys(name for name in whose if name))


def shaped_by(result: ImpactResult) -> list[str]:
    """Return who assumed the shapes of published ranges."""
    return list(dict.fromkeys(driver.shape_by for driver in ranges_of(result.definition)))


def _unspread(result: ImpactResult, quantity: str) -> str:
    """What is said of a figure without a spread: the source gives no range, or there is none."""
    if result.definition is None:
        return ""
    lines = {line.id: line for line in result.definition.lines}
    nature = next((nature for nature in NATURES if quantity.startswith(nature)), "")
    own = [lines[role.id] for role in result.lines() if not role.pm and nature in ("", role.nature)]
    stated = [line.amount.status for line in own if line.amount is not None]
    return message("no_range") if stated and all(status == "published" for status in stated) else ""


def who(result: ImpactResult) -> str:
    """Whose costs they are."""
    return message("all_governments" if result.assembly.of_all_governments else "municipalities_together")


def said_of(quantity: str, what: str) -> str:
    """Say a figure in a row with others."""
    nature = next((nature for nature in NATURES if quantity.startswith(nature)), "")
    return message(f"part_{nature}", what=what) if nature else message("part_present_value", what=what)


def compensation_words(result: ImpactResult) -> str:
    """Say whether figures are before or after compensation."""
    if after_compensation(result):
        return message("after_compensation")
    return message("without_compensation" if result.assembly.paid_in_full else "before_compensation")


def names_less(costs: list[str], off: list[str]) -> str:
    """Name lines, less what comes off."""
    names = [message("some_names", names=_shortened(part)) for part in (costs, off) if part]
    return message("names_minus", costs=names[0], off=names[1]) if costs and off else joined(names)


def _shortened(names: list[str]) -> list[str]:
    """Names between quotation marks, as they are a file's; of many the first few and how many more."""
    few = names if len(names) <= _NAMED + 1 else names[:_NAMED]
    left = [message("and_others", count=len(names) - len(few))] if len(few) < len(names) else []
    return [*(message("quoted", name=name) for name in few), *left]


def called(result: ImpactResult, quantity: str) -> str:
    """Return what a figure is, without saying whether it is before or after compensation."""
    nature = next((nature for nature in NATURES if quantity.startswith(nature)), "")
    if not nature:
        return present_value_words(result)
    return message(f"called_{nature}")


def basis_of(result: ImpactResult, quantity: str, one: Told) -> str:
    """Return of what a figure is: range and source, years, before or after compensation, VAT, price level."""
    years = result.assembly.years
    when: list[str] = []
    if not one.published and len(years) > 1:
        if quantity.startswith("structural"):
            when = [message("in_year", year=years[result.assembly.structural_year])]
        elif quantity.startswith("one_off"):
            when = [message("in_years", first=years[0], last=years[-1])]
    return joined([*one.basis, *when, compensation_words(result), *result.bases], "; ")


def readings_told(result: ImpactResult) -> Iterator[str]:
    """The analysis beside what was published: between what 90 % of the draws are, by the shape that was assumed."""
    found = readings_of(result)
    natures = [name for name in leading(result) if name.startswith(NATURES)]
    for quantity, by_reading in figures_by_reading(result, found, natures).items() if found else ():
        ends = {words: [float(rows.quantile(p)[0]) for p in (0.05, 0.95)] for words, rows in by_reading.items()}
        step = step_of(*(end for pair in ends.values() for end in pair))
        parts = [
            message("reading_gives", reading=words, what=costs_between(low, high, step=step))
            for words, (low, high) in ends.items()
        ]
        yield message("by_readings", quantity=called(result, quantity), parts=parts, by=shaped_by(result))


def open_chances(result: ImpactResult, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return by figure how probable it is that costs are higher, under each reading, where the sign is open."""
    found = readings_of(result)
    known = figures_by_reading(result, found, list(names)) if found else {}
    open_ones = {}
    for quantity in names:
        rows = known.get(quantity) or {"": result.runner.nation(result.selection, quantity)}
        values = {words: float(one.probability(0.0)[0]) for words, one in rows.items()}
        if max(values.values()) >= _SURE and min(values.values()) <= 1 - _SURE:
            open_ones[quantity] = values
    return open_ones


def chances_of(result: ImpactResult, names: Sequence[str]) -> Iterator[str]:
    """Say how probable it is that costs are higher (than the compensation), where the sign is open."""
    for quantity, values in open_chances(result, names).items():
        key = "chance_short" if after_compensation(result) else "chance_higher"
        what = message(key, quantity=called(result, quantity), chance=chances(list(values.values())))
        yield what if len(values) == 1 else message("chance_by_reading", what=what, parts=readings_said(values))


def readings_said(values: Mapping[str, float]) -> list[str]:
    """Return a probability under each reading, with its word."""
    return [message("reading_chance", reading=words, chance=value) for words, value in values.items()]


def outside(result: ImpactResult) -> tuple[str, ...]:
    """Return what is not in the figures: PM lines, compensation that is not stated, what the file says is outside."""
    ways = [result.alternative(name) for name in result.alternatives]
    pm = dict.fromkeys(role.name for one in ways for role in one.lines() if role.pm)
    unknown = [nature for nature in NATURES if any(nature in unknown_natures(one) for one in ways)]
    found: list[str] = [message("outside_pm", name=name) for name in pm]
    if unknown:
        found.append(message("outside_compensation", natures=[word(nature, of="nature") for nature in unknown]))
    if result.needs:
        found.append(message("outside_share" if result.assembly.of_all_governments else "outside_division"))
    return (*found, *(() if result.definition is None else result.definition.outside))
