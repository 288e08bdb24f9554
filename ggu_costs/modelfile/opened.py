"""What every model is, whatever its kind: a checked file with the inputs of the user, which can account for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ggu_costs._version import __version__
from ggu_costs.brief import Brief
from ggu_costs.frozen import Frozen
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.inputs import Inputs
from ggu_costs.modelfile.loader import Loaded
from ggu_costs.modelfile.notes import MARKS, Mark, Use, statuses_of
from ggu_costs.reference import Reference
from ggu_costs.words.languages import check_language
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.display.report import Report
    from ggu_costs.typing import InputValue


D = TypeVar("D", bound=Header)


@dataclass(frozen=True)
class OpenedModel(Brief, Frozen, Generic[D]):
    """A model: the checked definition of its file, and what the user brings."""

    loaded: Loaded[D]
    inputs: Inputs

    @classmethod
    def open(cls, loaded: Loaded[D], data: Mapping[str, InputValue] | None = None) -> Self:
        """Make the model of a checked file with the inputs the user brings."""
        return cls(
            loaded,
            Inputs(
                loaded.definition.inputs, data, model=loaded.definition.id, reference=loaded.reference, keys=loaded.keys
            ),
        )

    @property
    def definition(self) -> D:
        """What the model file says."""
        return self.loaded.definition

    @property
    def reference(self) -> Reference:
        """The reference tables that it computes with."""
        return self.loaded.reference

    @property
    def id(self) -> str:
        """Id of the model file."""
        return self.definition.id

    @property
    def files(self) -> Mapping[str, str]:
        """SHA-256 of its model files, by id: the file, and what it is a change of."""
        return self.loaded.hashes

    @property
    def title(self) -> str:
        """Title of the model file, with the changes made, in Dutch."""
        changes = self._changes_in_words()
        title = self.definition.title
        return message("changed_title", title=title, changes=changes) if changes else title

    def _changes_in_words(self) -> list[str]:
        """Say what was changed on top of the file, where a kind of model can be changed."""
        return []

    def _report(self, municipality: str | None) -> Report:
        """Gather what a run shows, as messages."""
        raise NotImplementedError

    def report(self, municipality: str | None = None, *, lang: str = "nl") -> Report:
        """Return what a run shows: answer, tables, charts and notes, for all municipalities or for one.

        Parameters
        ----------
        municipality
            Code of one, for its note.
        lang
            ``nl`` or ``en``: the language of all that is said. What is quoted from the model file stays in Dutch.

        Raises
        ------
        UnknownNameError
            A municipality that is not in the result, a language that does not exist.
        MissingInputError
            A figure that the user has to bring.

        Examples
        --------
        >>> from ggu_costs import open_model
        >>> open_model("ballots/one-each").report(lang="en").answer.sentence
        '342 municipalities have an equal part of the 342 votes; 172 of them have more than half between them.'
        """
        from ggu_costs.display.language import report_in  # with pandas, which a listing of models does without

        check_language(lang)
        return report_in(self._report(municipality), lang)

    def _repr_html_(self) -> str:
        """Write what the file says of itself, for a notebook; nothing is computed."""
        from ggu_costs.display.html import described

        told = self.definition
        return described(self.title, told.description, told.notes, illustrative=told.illustrative, id=told.id)

    def uses(self) -> Iterable[Use]:
        """Return the reference figures and maps that its results rest on."""
        return ()

    @property
    def statuses(self) -> tuple[Mark, ...]:
        """What is not definitive of the figures and maps that it rests on, and other marks of its tables."""
        found: set[Mark] = {*statuses_of(self.reference, self.uses()), *self.definition.marks}
        found.update(*(one.definition.marks for one in self.loaded.named.values()))
        found.update(*(one.marks for one in self.loaded.keys.values()))
        return tuple(mark for mark in MARKS if mark in found)

    def provenance(self, **more: Any) -> dict[str, Any]:
        """Describe what a result of this model follows from: no clock, no machine, the same for the same inputs.

        Parameters
        ----------
        more
            What holds for the result on top of file, inputs and changes: dates, method, seed and draws.
        """
        stated = getattr(self.definition, "budget", None)
        budget = {} if stated is None else {"budget": stated.model_dump(mode="json", exclude_defaults=True)}
        return {
            "library": f"ggu_costs {__version__}",
            "model": self.id,
            "files": dict(self.files),
            "inputs": dict(self.inputs.hashes),
            **({"reference": self.reference.table_hashes()} if self.reference.own else {}),
            "changes": self._changes_in_words(),
            **budget,
            **{name: str(value) if hasattr(value, "isoformat") else value for name, value in more.items()},
        }
