"""Whether figures of programmes may be compared: of the same years, prices and governments, with nothing PM in one."""

from collections.abc import Iterator, Sequence

from ggu_costs.impact.answers.funding import NATURES, natures_of, unknown_natures
from ggu_costs.impact.answers.leading import is_discounted, is_shown, leading
from ggu_costs.impact.result import ImpactResult
from ggu_costs.words.messages import joined, message, word


def rows_of(results: Sequence[ImpactResult]) -> list[str]:
    """Return the figures that are told of any of the programmes, in order: before compensation if it is PM in one."""
    names: dict[str, None] = {}
    pm = any(unknown_natures(result) for result in results)
    for result in results:
        for quantity in leading(result):
            plain = quantity.removesuffix("_net") if quantity.startswith(NATURES) else "gross"
            names |= {plain if pm else quantity: None}
    main = {name for result in results for name in result.runner.main_figures(result.selection)
            if is_shown(result, name)}  # fmt: skip
    return [name for name in names if name in main]


def comparable_quantities(results: Sequence[ImpactResult]) -> list[str]:
    """Return the figures that may be compared: told of all, and on one footing."""
    if any(True for _ in _footing(results)):
        return []
    found = []
    for quantity in rows_of(results):
        nature = next((nature for nature in NATURES if quantity.startswith(nature)), "")
        known = all(quantity in rows_of([result]) or quantity in _told(result) for result in results)
        if known and not any(_pm(result, nature) for result in results) and (nature == "structural" or _years(results)):
            found.append(quantity)
    return found


def differences_between(results: Sequence[ImpactResult]) -> Iterator[str]:
    """Say what keeps figures from being compared: of all of them first, then of some."""
    yield from _footing(results)
    if not _years(results):
        spans = [message("span", first=one.assembly.years[0], last=one.assembly.years[-1]) for one in results]
        yield message("other_years", spans=spans)
    for nature in NATURES:
        told = [nature in natures_of(result) for result in results]
        if any(told) and (not all(told) or any(_pm(result, nature) for result in results)):
            yield message("pm_in_one", nature=word(nature, of="nature"))


def _told(result: ImpactResult) -> list[str]:
    main = result.runner.main_figures(result.selection)
    return [name for name in main if is_shown(result, name) and (not name.startswith(NATURES) or _has(result, name))]


def _has(result: ImpactResult, quantity: str) -> bool:
    return any(quantity.startswith(nature) for nature in natures_of(result))


def _footing(results: Sequence[ImpactResult]) -> Iterator[str]:
    """What makes no figure at all comparable."""
    first, *others = results
    prices = [(one.assembly.prices, one.assembly.price_level) for one in results]
    if len(set(prices)) > 1:
        yield message("other_prices", levels=[_level(*pair) for pair in prices])
    elif prices[0] == ("constant", "unknown"):
        yield message("unknown_prices")
    if len({one.assembly.of_all_governments and bool(one.needs) for one in results}) > 1:
        yield message("other_governments")
    if len({one.bases[:-1] for one in results}) > 1:  # the last is the price level
        yield message("other_vat", states=[joined(one.bases[:-1]) for one in results])
    if any(is_discounted(one) != is_discounted(first) for one in others):
        yield message("one_discounted")


def _level(prices: str, level: str) -> str:
    if prices == "current":
        return word("current", of="price_level")
    return word("unknown", of="price_level") if level == "unknown" else message("price_level_of", level=level)


def _years(results: Sequence[ImpactResult]) -> bool:
    return len({one.assembly.years for one in results}) == 1


def _pm(result: ImpactResult, nature: str) -> bool:
    return any(role.pm and role.kind != "compensation" and nature in ("", role.nature) for role in result.lines())
