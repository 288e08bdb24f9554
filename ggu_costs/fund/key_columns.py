"""The columns of a key: equal, reference columns that are totals, and inputs that the user brings."""

from collections.abc import Collection, Iterable

from ggu_costs.errors import Faults
from ggu_costs.modelfile.grant_keys import column_words, is_grant_column
from ggu_costs.modelfile.notes import column_word
from ggu_costs.reference import Reference
from ggu_costs.words.messages import word

_OWN = "input:"


def own_input(column: str) -> str | None:
    """Name of the input that a column of a key stands for, as in ``input:clients``; None for other columns."""
    return column.removeprefix(_OWN) if column.startswith(_OWN) else None


def called(column: str, reference: Reference) -> str:
    """Name of a column for a reader: an input goes by its own, an indicator of a pack as its manifest calls it."""
    own = own_input(column)
    if own is not None:
        return word(own)
    return column_words(column) if is_grant_column(column) else column_word(column, reference)


def is_own(column: str) -> bool:
    """Whether figures of a column come from no reference table: an input, or a uitkering."""
    return own_input(column) is not None or is_grant_column(column)


def from_reference(columns: Iterable[str]) -> list[str]:
    """Columns that reference tables have, each once."""
    return [name for name in dict.fromkeys(columns) if name != "equal" and not is_own(name)]


def check_columns(
    parts: Iterable[str], faults: Faults, reference: Reference, *, where: str, inputs: Collection[str] = ()
) -> None:
    """Add the faults of the columns of a key: one that does not exist, and a rate, which does not add up."""
    for name in parts:
        own = own_input(name)
        if own is not None:
            if own not in inputs:
                faults.add(f"{where}.{name}", "no such input", f"an input of the file: {', '.join(inputs) or 'none'}")
            continue
        if is_grant_column(name):
            continue  # whoever opens the file reads them
        kind = "total" if name == "equal" else reference.column_kind(name)
        if kind != "total":
            found = "no such column" if kind == "unknown" else f"a {kind}, which does not add up"
            faults.add(f"{where}.{name}", found, "equal, or a reference column that is a total")
