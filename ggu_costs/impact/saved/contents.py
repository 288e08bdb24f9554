"""What the JSON of a saved result says: every fact with its type, and what must hold between them."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, ValidationError

from ggu_costs.errors import GguCostsError
from ggu_costs.impact.answers.questions import line_weights
from ggu_costs.impact.programme.assembly import JOINED, Alternative, Assembly, Role, Work
from ggu_costs.impact.saved.texts import read_any, read_text
from ggu_costs.simulation.machine.sampling import Method, check_sampling
from ggu_costs.simulation.runs.stored import RowsFacts, RunFacts
from ggu_costs.text import unclean

KINDS = ("units", "nation", "groups", "joints", "sharp")
"""What figures are of, as :class:`ggu_costs.impact.answers.runner.Memory` holds them."""

Key = tuple[str | bool | float | tuple[float, ...], ...]
_MOST = 10  # faults that are told


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


Text = Annotated[str, PlainValidator(read_text)]
"""A text, or a message."""


class Told(_Part):
    """What the result says of itself."""

    title: Text
    notes: tuple[Text, ...]
    provenance: Annotated[dict[str, Any], AfterValidator(read_any)]
    illustrative: bool
    selection: str
    needs: str
    complete: bool
    indicative: bool
    how_to_read: tuple[Text, ...]
    municipal_share: float | None
    second_shape: bool
    technique: tuple[Text, ...] = ()


class Draws(_Part):
    """How the draws were made."""

    draws: int
    seed: int
    method: Method
    replicates: int
    exact: bool


class Line(_Part):
    """A line, as :class:`ggu_costs.impact.programme.assembly.Role`."""

    id: str
    name: str
    kind: Literal["cost", "benefit", "compensation"]
    nature: Literal["one_off", "structural"]
    instrument: str
    pm: bool
    bound: str


class Step(_Part):
    """A step, as :class:`ggu_costs.impact.programme.assembly.Work` without its terms."""

    line: str
    step: str
    name: str
    function: str
    productive_hours: float | None


class Choice(_Part):
    """An alternative, without its terms."""

    id: str
    name: str
    lines: tuple[str, ...]
    participants: tuple[str, ...] | None
    works: tuple[Step, ...] = ()
    volumes: tuple[str, ...] = ()


class Outline(_Part):
    """A programme without its drivers and terms."""

    units: tuple[str, ...]
    names: tuple[str, ...]
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    choices: tuple[Choice, ...]
    fixed: dict[str, float]
    structural_year: int
    national: bool
    prices: str
    price_level: str
    map_day: date | None
    paid_in_full: bool = False
    grant_title: Text = ""

    def wrong(self) -> Iterator[str]:
        """Say what does not fit together."""
        ids = [line.id for line in self.lines]
        for name, values in (
            ("units", self.units), ("years", self.years), ("lines", ids), ("choices", [one.id for one in self.choices]),
        ):  # fmt: skip
            if not values or len(set(values)) != len(values):
                yield f"{name}: none, or one of them twice"
        if len(self.names) != len(self.units):
            yield f"{len(self.names)} names of {len(self.units)} units"
        if not 0 <= self.structural_year < len(self.years):
            yield f"structural_year {self.structural_year} of {len(self.years)} years"
        known = set(ids)
        for choice in self.choices:
            named = {*choice.lines, *choice.volumes, *(work.line for work in choice.works)}
            if not known.issuperset(named) or JOINED in choice.id:
                yield f"choice {choice.id!r}: lines or an id that cannot be"

    def assembly(self, figures: dict[str, Any]) -> Assembly:
        """Return the programme in arrays, as far as it is known."""
        return Assembly(
            units=self.units, names=self.names, years=self.years,
            drivers=(), correlations=(), groupings=(), terms=(), fixed=self.fixed, map_day=self.map_day,
            structural_year=self.structural_year, national=self.national, prices=self.prices,
            price_level=self.price_level, paid_in_full=self.paid_in_full, grant_title=self.grant_title,
            roles={line.id: Role(**line.model_dump()) for line in self.lines},
            alternatives=tuple(
                Alternative(
                    one.id, one.name, dict.fromkeys(one.lines, ()), one.participants,
                    tuple(Work(**work.model_dump()) for work in one.works), dict.fromkeys(one.volumes, ()),
                )
                for one in self.choices
            ),
            **figures,
        )  # fmt: skip


class Answer(_Part):
    """Figures that were asked: of what, which question, and the form of their arrays."""

    kind: Literal["units", "nation", "groups", "joints", "sharp"]
    key: Key
    rows: RowsFacts

    def wrong(self, outline: Assembly) -> Iterator[str]:
        """Say what does not fit the programme."""
        many, facts = len(outline.units), self.rows
        whole = self.kind == "units" or (self.kind == "sharp" and self.key[2:3] == (False,))
        if (
            min(facts.rows, facts.thresholds, facts.replicates, facts.cells) < 0
            or facts.rows > many
            or (whole and facts.rows != many)
        ):
            yield f"{facts.rows} rows of {many} units"
        if self.kind in ("nation", "joints") and facts.rows != 1:
            yield f"{facts.rows} rows of one figure"
        length, names = {"units": (2, 2), "nation": (2, 2), "groups": (3, 3), "joints": (1, 1), "sharp": (5, 2)}[
            self.kind
        ]
        if len(self.key) != length or not all(isinstance(name, str) for name in self.key[:names]):
            yield f"the key {self.key!r:.80}"
        elif self.kind != "joints":
            yield from wrong_selection(outline, str(self.key[0]))
            try:
                line_weights(outline, str(self.key[1]))
            except GguCostsError as error:
                yield error.message


class Contents(_Part):
    """All of it; what has no name here refuses the file."""

    format: Literal["ggu_costs result"]
    version: Literal[2]
    library: str
    digest: str
    model: str
    asked: Literal["terms", "function"]
    result: Told
    draws: Draws
    programme: Outline
    main: dict[str, tuple[str, ...]]
    answers: tuple[Answer, ...]
    enough: bool
    run: RunFacts | None
    levels: tuple[float, ...]

    def wrong(self) -> Iterator[str]:
        """Say what cannot be together, as far as no array has to be looked at."""
        yield from self.programme.wrong()
        of = self.draws
        yield from (str(fault) for fault in check_sampling(of.draws, of.seed, of.method, of.replicates).found)
        yield from (f"a text {words}" for words in map(unclean, _texts(self.model_dump())) if words)


def _texts(thing: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for name, one in thing.items():
            yield name
            yield from _texts(one)
    elif isinstance(thing, tuple | list):
        for one in thing:
            yield from _texts(one)


def wrong_selection(outline: Assembly, selection: str) -> Iterator[str]:
    """Say so where a selection is no alternative, nor two."""
    names, known = selection.split(JOINED), {alternative.id for alternative in outline.alternatives}
    if len(names) > 2 or not known.issuperset(names):
        yield f"the selection {selection!r:.80}"


def read_contents(facts: bytes) -> tuple[Contents | None, list[str]]:
    """Read the JSON; where it is wrong nothing, and what is wrong."""
    try:
        found = Contents.model_validate_json(facts)
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
        return None, [f"{'.'.join(map(str, one['loc']))[:120]}: {one['msg'][:160]}" for one in told[:_MOST]]
    except (ValueError, RecursionError) as error:
        return None, [str(error)[:160]]
    wrong = list(dict.fromkeys(found.wrong()))
    return (None, wrong[:_MOST]) if wrong else (found, [])
