"""Where the figures of a file come from: its sources, and inputs that the user brings."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field

from ggu_costs.modelfile.values import Checked, Found, MayStandUnused, Unit
from ggu_costs.words.messages import message


class Source(Checked):
    """Where a value comes from (bron).

    Attributes
    ----------
    title
        What it is called.
    publisher
        Who published it; with `url` at least one of the two.
    url
        Where a reader finds it.
    published
        The day it came out, or the year or month as text.
    read
        How far the author of the file has read it; empty where that is not said.
    """

    title: str = Field(min_length=1)
    publisher: str = ""
    url: str = ""
    published: date | str = ""
    read: Literal["whole", "in part", "not seen", ""] = ""
    note: str = ""

    def _wrong(self) -> Iterator[Found]:
        if not (self.url or self.publisher):
            yield "no publisher and no url", "at least one of them", "Say where a reader finds this source."


class InputNeed(MayStandUnused):
    """An input that no source gives and the user has to bring (`--data NAME=FILE` or ``data={name: ...}``).

    Attributes
    ----------
    unit
        Unit of the figures that the user brings.
    description
        What it is, in words for whoever has to find it.
    scope
        ``national``: one figure; ``municipality``: a figure each; ``either``: both are taken.
    optional
        Whether there is a result without it.
    needed_for
        What is not given while it is missing.
    """

    unit: Unit
    description: str
    scope: Literal["national", "municipality", "either"] = "national"
    optional: bool = False
    needed_for: str = "the result"

    @property
    def purpose(self) -> str:
        """What it is needed for, in the words of the file if it has any."""
        return self.needed_for if "needed_for" in self.model_fields_set else message("needed_for_result")
