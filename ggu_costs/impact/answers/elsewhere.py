"""An estimate against what other analyses published, and against what happened: see :mod:`.placing`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ggu_costs.errors import Faults, InputError, did_you_mean, listed
from ggu_costs.impact.answers.base import NATION, SimulationResult
from ggu_costs.impact.answers.placing import Other, Placed, frame_of, place
from ggu_costs.impact.programme.driver_terms import number
from ggu_costs.impact.programme.line_terms import PublishedRange
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.modelfile.values import MOST
from ggu_costs.reference._numbers import read_numbers
from ggu_costs.reference._rows import Rows, rows_of
from ggu_costs.words.messages import message, word

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.programme.definition import ProgrammeDefinition

_NATURES = ("one_off", "structural")
_COLUMNS = {
    "line": ("line", "post"), "year": ("year", "jaar"), "code": ("code", "gemeentecode", "gemeente"),
    "amount": ("amount", "bedrag"),
}  # fmt: skip
"""Columns of a file of what happened, as they may be called."""
_TOLD = {
    "below_all": "placed_below_all", "below": "placed_below", "within": "placed_within", "above": "placed_above",
    "above_all": "placed_above_all", "overlaps": "placed_overlaps", "equal": "placed_equal",
    "not_estimated": "placed_not_estimated",
}  # fmt: skip


@runtime_checkable
class Stated(Protocol):
    """A programme, or its result, with what its file says."""

    @property
    def definition(self) -> Any:
        """What the model file says."""
        ...


def compare_published(result: SimulationResult, *others: Stated) -> Placed:
    """Say where published figures of other programmes fall in this estimate; without others, its own.

    Parameters
    ----------
    others
        Programmes, or results of them, whose files state what is published.

    Returns
    -------
    Placed
        By ``programme, item``: the figure, its place, what would explain it, and what is not like for like: years,
        price level, VAT, governments, what is left out.

    Raises
    ------
    InputError
        A programme made in Python or a loaded result; others that state nothing published: all at once.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> estimate, later = (ggu.open_programme(f"programmes/omgevingswet/{year}") for year in (2021, 2025))
    >>> told = estimate.simulate(draws=4_096, seed=2021).compare_published(later).to_frame().iloc[0]
    >>> float(told["low"]), float(told["share_below"]), told["verdict"], told["like_for_like"]
    (2100000000.0, 1.0, 'above_all', 'no')
    """
    definition = result.definition
    if definition is None:
        raise InputError(
            "this result does not know its model file",
            remedy="Simulate the model file, or load the result with load_result(path, model=...).",
        )
    faults = Faults()
    stated: list[ProgrammeDefinition] = []
    for position, other in enumerate(others, start=1):
        found = getattr(other, "definition", None)
        if found is None or not hasattr(found, "published"):
            faults.add(f"programme {position}", f"a {type(other).__name__}", "an opened programme, or its result")
        elif not found.published:
            faults.add(
                f"programme {position}", f"{found.id}, without [[published]]", "a programme with published figures"
            )
        else:
            stated.append(found)
    faults.check("these cannot be compared", remedy="Give programmes whose files state [[published]] figures.")
    asked = [(one, item) for one in stated or [definition] for item in one.published]
    if not asked:
        raise InputError(f"{definition.id} states no published figures", remedy="Name another programme.")
    every = [_published(definition, one, item) for one, item in asked]
    rows = place(result, every)
    frame = frame_of(every, rows, ("programme", "item"), lambda one: {"low": one.low, "high": one.high})
    notes = [message("placed_how"), message("placed_explained")]
    left = {one.id: one for one, _ in asked if one.id != definition.id}
    for one in left.values():
        notes += [message("left_out_there", title=one.title, what=text) for text in one.outside]
    notes += (
        [message("left_out_there", title=definition.title, what=text) for text in definition.outside] if left else []
    )
    return Placed(
        title=message("published_elsewhere", title=result.title), notes=(*notes, *told(frame)),
        provenance={"estimate": dict(result.provenance), "others": [one.id for one, _ in asked]},
        illustrative=result.illustrative or any(_made_up(one) for one, _ in asked), frame=frame,
    )  # fmt: skip


def _made_up(definition: ProgrammeDefinition) -> bool:
    return definition.illustrative


def _published(own: ProgrammeDefinition, other: ProgrammeDefinition, item: PublishedRange) -> Other:
    """Return a published figure as one that this estimate may be held against."""
    low = number(item.low if item.low is not None else item.value)
    high = number(item.high if item.high is not None else item.value)
    lines = {line.id: line for line in own.lines}
    known = item.of in _NATURES or (item.of in lines and not lines[item.of].pm)
    quantity = "" if not known else item.of if item.of in _NATURES else f"line:{item.of}"
    if item.of in _NATURES and not any(line.nature == item.of and not line.pm for line in own.lines):
        quantity = ""
    why = () if own.id == other.id else tuple(_not_alike(own, other, item))
    more = {"name": item.name, "what": quantity_words(item.of) if item.of in _NATURES else item.of,
            "source": _source(other, item)}  # fmt: skip
    return Other((other.id, item.id), quantity, NATION, low, high, why, more)


def _source(definition: ProgrammeDefinition, item: PublishedRange) -> str:
    source = next(iter(item.figures().values())).source
    return definition.sources[source].title if source else ""


def _not_alike(own: ProgrammeDefinition, other: ProgrammeDefinition, item: PublishedRange) -> Iterator[str]:
    """Say what of two estimates is not like for like: years, price level, VAT, governments, what is left out."""
    nature = item.of if item.of in _NATURES else ""
    spans = [_span(one, nature) for one in (own, other)]
    if nature != "structural" and spans[0] != spans[1]:
        yield message("other_years", spans=[message("span", first=first, last=last) for first, last in spans])
    levels = [one.programme.price_level if one.programme.prices == "constant" else "current" for one in (own, other)]
    if "unknown" in levels:
        yield message("unknown_prices")
    elif levels[0] != levels[1]:
        yield message("other_prices", levels=[_level(level) for level in levels])
    states = [
        sorted({str(part.vat) for part in map(one.grounds, one.lines) if part is not None}) for one in (own, other)
    ]
    if "unknown" in states[0] + states[1] or states[0] != states[1]:
        yield message("vat_not_alike")
    if (own.programme.municipal_share is None) != (other.programme.municipal_share is None):
        yield message("other_governments")
    if own.outside != other.outside:
        yield message("other_delimitation")


def _level(level: str) -> str:
    return word(level, of="price_level") if level in ("current", "unknown") else message("price_level_of", level=level)


def _span(definition: ProgrammeDefinition, nature: str) -> tuple[int, int]:
    """First and last year in which lines of a nature have an amount."""
    years: set[int] = set()
    for line in definition.lines:
        if line.pm or (nature and line.nature != nature) or line.kind == "compensation":
            continue
        stated = line.profile.years if line.profile is not None else None
        used = [year for year, part in (stated or {}).items() if part != 0] if stated else list(definition.years)
        years |= set(used)
    return (min(years), max(years)) if years else (definition.years[0], definition.years[-1])


def realised(
    result: SimulationResult, source: str | Path | pd.DataFrame | Sequence[Any], *, price_level: str = "", by: str = ""
) -> Placed:
    """Say where what really happened falls in this estimate.

    Parameters
    ----------
    source
        Path of a CSV file or workbook, a DataFrame or a list of dicts, a line each: ``line`` (post; id of a line,
        ``one_off`` or ``structural``), ``year`` (jaar; empty: all years of a one-off amount together), ``code``
        (gemeentecode; empty: all municipalities together) and ``amount`` (bedrag, euro; costs and benefits as positive
        amounts of their line).
    price_level
        Year whose prices the amounts are at, or ``current``.
    by
        Whose figures they are.

    Returns
    -------
    Placed
        By ``item`` (the line), ``year, code``: the amount, its place, what would explain it, and what is not like for
        like.

    Raises
    ------
    InputError
        Every fault at once: lines that this estimate has not, years and municipalities outside it, amounts that are no
        numbers, what is there twice.
    """
    faults = Faults()
    table = rows_of(source)
    names = {name: next((one for one in table.header if one.lower() in known), "") for name, known in _COLUMNS.items()}
    for name in ("line", "amount"):
        if not names[name]:
            faults.add("header", f"no column {name!r}", " or ".join(_COLUMNS[name]))
    faults.check("this realisation cannot be read", remedy="Give columns line, year, code and amount.")
    numbers, _ = read_numbers({"amount": table.cells(names["amount"])}, decimal=None, thousands=None, faults=faults)
    amounts = numbers.get("amount", [math.nan] * len(table.rows))
    columns = {
        name: table.column(names[name]) if names[name] else [""] * len(table.rows) for name in ("line", "year", "code")
    }
    every, seen = list[Other](), set[tuple[str, ...]]()
    why = tuple(_footing(result, price_level))
    for position, amount in enumerate(amounts):
        line, year, code = (_text(columns[name][position]) for name in ("line", "year", "code"))
        where = table.place(table.rows[position][0])
        quantity, years = _asked(result, line, year, where, faults)
        _check_amount(amount, line, where, faults)
        of = code or NATION
        if of != NATION and of not in result.assembly.units:
            faults.add(f"{where}, code", repr(code), "a municipality of this estimate, or nothing for all of them")
        index = (line, years, of)
        if index in seen:
            faults.add(
                where, f"{line} {years} {code} a second time".replace("  ", " "), "each line, year and code once"
            )
        seen.add(index)
        more = {"name": _name(result, line)}
        every.append(Other(index, quantity, of, amount, amount, why, more))
    if not every:
        faults.add("rows", "none", "at least one figure")
    faults.check("this realisation cannot be held against the estimate", remedy="Correct the lines named.")
    frame = frame_of(every, place(result, every), ("item", "year", "code"), lambda one: {"amount": one.low})
    notes = [
        message("placed_how"),
        message("placed_explained"),
        *([message("realised_by", by=by)] if by else []),
        *_in_other_units(frame),
    ]
    return Placed(
        title=message("realised_of", title=result.title), notes=(*notes, *told(frame)),
        provenance={"estimate": dict(result.provenance), "realised": _origin(table), "price_level": price_level,
                    "by": by},
        illustrative=result.illustrative, frame=frame, nation=all(one.of == NATION for one in every),
        names={code: name for code, name in zip(result.assembly.units, result.assembly.names, strict=True)
               if any(one.of == code for one in every)},
    )  # fmt: skip


def _check_amount(amount: float, line: str, where: str, faults: Faults) -> None:
    """A line has positive amounts, costs minus benefits may be below 0; neither is beyond what amounts may be."""
    if amount < 0 and line not in _NATURES:
        remedy = "Costs and benefits are positive amounts of their line; correct the amount itself."
        faults.add(f"{where}, amount", f"{amount:g} of {line!r}", "0 or more", remedy)
    if abs(amount) >= float(MOST):
        faults.add(f"{where}, amount", f"{amount:g}", "an amount below 1e13 euro", "Is it in cents?")


def _in_other_units(frame: pd.DataFrame) -> Iterator[str]:
    """Say which figures would lie within the estimate if they were in thousands or millions of euro."""
    for thousands, unit in ((1e3, "in_thousands"), (1e6, "in_millions")):
        raised = frame["amount"].abs() * thousands
        low, high = (frame[["p5", "p95"]].abs().min(axis=1), frame[["p5", "p95"]].abs().max(axis=1))
        found = frame[(frame["verdict"] == "below_all") & (raised >= low / 2) & (raised <= high * 2) & (low > 0)]
        if len(found):
            yield message(f"realised_{unit}", names=list(dict.fromkeys(found["name"])))


def _origin(table: Rows) -> str:
    return Path(table.source).name


def _text(cell: Any) -> str:
    """Return a cell as text: a whole number without decimals, what is missing as nothing."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _asked(result: SimulationResult, line: str, year: str, where: str, faults: Faults) -> tuple[str, str]:
    """Return the question that a line and year are, and the years in words; faults where the estimate has none."""
    assembly = result.assembly
    roles = {role.id: role for role in result.lines()}
    known = [*_NATURES, *(name for name, role in roles.items() if not role.pm)]
    if line not in known:
        remedy = "It is PM in this estimate." if line in roles else did_you_mean(line, known)
        faults.add(f"{where}, line", repr(line), f"a line of this estimate: {listed(known)}", remedy)
        return "", year
    first, last = assembly.years[0], assembly.years[-1]
    if year and not (year.isascii() and year.isdecimal() and int(year) in assembly.years):
        faults.add(f"{where}, year", repr(year), f"a year of this estimate: {first} to {last}, or nothing")
        return "", year
    structural = line == "structural" or (line in roles and roles[line].nature == "structural")
    if not year and structural and len(assembly.years) > 1:
        faults.add(f"{where}, year", "none, of a structural line", f"a year of this estimate: {first} to {last}")
        return "", year
    question = line if line in _NATURES else f"line:{line}"
    return (f"{question}:{year}", year) if year else (question, f"{first}-{last}" if first != last else str(first))


def _name(result: SimulationResult, line: str) -> str:
    role = result.assembly.roles.get(line)
    return quantity_words(line) if line in _NATURES else role.name if role is not None else line


def _footing(result: SimulationResult, price_level: str) -> Iterator[str]:
    """Say what keeps what happened from being like for like with the estimate."""
    own = result.assembly.price_level if result.assembly.prices == "constant" else "current"
    if own == "unknown" or not price_level:
        yield message("unknown_prices")
    elif own != price_level:
        yield message("other_prices", levels=[_level(own), _level(price_level)])


def told(frame: pd.DataFrame) -> list[str]:
    """Say of at most five figures where they lie, with what would explain them."""
    found: list[str] = []
    for row in frame.head(5).to_dict(orient="records"):
        amount = row["amount"] if "amount" in row else row["low"]
        high = row.get("high", amount)
        facts = {"name": row["name"], "amount": amount, "low": row["p5"], "high": row["p95"]}
        which = (
            message("amount_range", low=amount, high=high) if high != amount else message("amount_one", amount=amount)
        )
        text = message(_TOLD[row["verdict"]], **{**facts, "amount": which})
        found.append(text if row["like_for_like"] == "yes" else message("placed_not_alike", text=text, why=row["why"]))
    return found
