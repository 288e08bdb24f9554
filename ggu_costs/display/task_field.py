"""Task fields (taakvelden, Iv3), under which municipalities budget: read, and what is said of them.

A task field is what the user or a model file states. Which codes there are in a year is for who states it: the library
has no list of them, and checks their form only.
"""

import re
import warnings
from collections.abc import Iterable, Iterator

from ggu_costs.errors import Faults, shortened
from ggu_costs.figures import shown
from ggu_costs.words.messages import Message, message

_FORM = re.compile(r"\d\.\d{1,3}[a-z]?")
_LONGEST = 40  # characters: a code, with a few words at most


class TaskFieldWarning(UserWarning):
    """A task field has not the form of an Iv3 code; it is used as it was given."""


def read_task_field(value: object, where: str, faults: Faults) -> str:
    """Return a task field as it was given, or note the fault that it is no text; warn about another form than Iv3 has.

    Examples
    --------
    >>> read_task_field("6.71a", "task_field", Faults())
    '6.71a'
    """
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
        faults.add(where, shown(value), "the code of a task field (taakveld), as text, such as '0.4'")
        return ""
    code = value.strip()
    if not is_task_field(code):
        warnings.warn(
            f"{where}: {shortened(repr(code))} has not the form of an Iv3 task field, such as 0.4 or 6.71a; "
            "it is used as it is",
            TaskFieldWarning,
            stacklevel=3,
        )
    return code


def is_task_field(code: str) -> bool:
    """Whether a text has the form of an Iv3 code; which codes there are in a year is for the user.

    Examples
    --------
    >>> is_task_field("0.4"), is_task_field("6.71a"), is_task_field("overhead")
    (True, True, False)
    """
    return _FORM.fullmatch(code) is not None


def task_field_notes(codes: Iterable[str]) -> Iterator[Message]:
    """Say whose the task fields are, and which have another form than those of Iv3."""
    known = [code for code in codes if code]
    yield message("budget_task_field" if known else "budget_no_task_field")
    for code in known:
        if not is_task_field(code):
            yield message("budget_strange_task_field", code=code)
