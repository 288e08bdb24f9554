"""Two or three bundles side by side, such as with a component and without it, and how they differ draw by draw.

A component that both hold has the same random streams in both, so that what differs is what is in one of them only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from ggu_costs import frames
from ggu_costs.bundle.answer import answer_of_all, basis_of, nature_of, outside
from ggu_costs.bundle.result import BundleResult
from ggu_costs.display.report import Answer, Report, Tile
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SHOWN
from ggu_costs.impact.answers.leading import leading
from ggu_costs.impact.report import with_rate
from ggu_costs.impact.telling import said_of, tell_rows
from ggu_costs.results.base import LETTERS, Line, SideBySide
from ggu_costs.words.messages import Message, joined, message

_COLUMNS = ("mean", "p5", "p50", "p95")


@dataclass(frozen=True, kw_only=True)
class BundleComparison(SideBySide):
    """Two or three bundles, called a, b and c in the columns; differences are the others less the first.

    Attributes
    ----------
    results
        The result of each, on the same draws.
    """

    results: tuple[BundleResult, ...] = field(default=(), repr=False)

    @property
    def quantities(self) -> tuple[str, ...]:
        """Figures that all of them tell first."""
        return tuple(name for name in leading(self.results[0]) if all(name in leading(one) for one in self.results))

    def to_frame(self) -> pd.DataFrame:
        """Return by quantity ``mean, p5, p50, p95`` of each, such as ``mean_a``, and how means differ: ``b_less_a``.

        The distribution of a difference is in :meth:`difference`.
        """
        names, columns = self.quantities, dict[str, list[float]]()
        for letter, result in self._lettered():
            frame = result.national()
            for column in (*_COLUMNS, *(f"{name}_error" for name in _COLUMNS)):
                name, error, _ = column.partition("_error")
                columns[f"{name}_{letter}{error}"] = [float(frame[column][one]) for one in names]
        for letter, _ in self._lettered()[1:]:
            means = zip(columns[f"mean_{letter}"], columns["mean_a"], strict=True)
            columns[f"{letter}_less_a"] = [new - old for new, old in means]
        framed = self._framed(pd.DataFrame(columns, index=pd.Index(names, name="quantity")),
                              dict.fromkeys(columns, "EUR"))  # fmt: skip
        errors = dict.fromkeys((name for name in columns if name.endswith("_error")), 0)
        return frames.amend(framed, decimals={"EUR": SHOWN[True]} | errors)

    def difference(self, letter: str = "b") -> BundleResult:
        """Return one of the others less the first, draw by draw: plus means it costs more."""
        named = dict(self._lettered())
        if letter not in named or letter == LETTERS[0]:
            raise InputError(f"difference of {letter!r}", remedy=f"Give one of {', '.join(list(named)[1:])}.")
        return named[letter].difference(self.results[0])

    def _lettered(self) -> list[tuple[str, BundleResult]]:
        return list(zip(LETTERS, self.results, strict=False))

    def summary(self) -> tuple[Line, ...]:
        """Return nothing: the figures of each are in the answer."""
        return ()

    def _report(self, municipality: str | None) -> Report:
        """Return what a comparison shows, the difference first."""
        shown = super()._report(municipality)
        return replace(
            shown, answer=self._answer(), tables=(*shown.tables, *self._differences(), self._components()),
            made_up=self.illustrative,
        )  # fmt: skip

    def _differences(self) -> Iterator[Table]:
        """The difference of each of the others from the first, by municipality."""
        for letter, result in self._lettered()[1:]:
            apart = self.difference(letter)
            for quantity in self.quantities:
                frame = with_rate(apart.by_municipality(quantity))
                name = f"{letter}_less_a_{nature_of(quantity)}"
                yield Table(name, "", frame, map_date=result.assembly.map_day)

    def _components(self) -> Table:
        """Which components each holds, by the means of the first figure told."""
        names = dict.fromkeys(name for result in self.results for name in result.components)
        columns: dict[str, list[object]] = {"component": []}
        for name in names:
            columns["component"].append(
                next(one.components[name].name for one in self.results if name in one.components)
            )
        for quantity in self.quantities:
            for letter, result in self._lettered():
                columns[f"mean_{letter}_{nature_of(quantity)}"] = [
                    float(result.runner.nation(name, quantity).mean[0]) if name in result.components else float("nan")
                    for name in names
                ]
        frame = pd.DataFrame(columns, index=pd.Index(list(names), name="component_id"))
        frame["component"] = pd.Series(columns["component"], index=frame.index, dtype=object)
        units = dict.fromkeys((name for name in columns if name != "component"), "EUR")
        framed = frames.amend(self._framed(frame, units), title=message("components_compared"))
        return Table("components", "", framed)

    def _answer(self) -> Answer:
        """Say by how much the others cost more or less than the first, and what they hold that it does not."""
        sentences, tiles = [], []
        first = self.results[0]
        bases = {basis_of(one) for one in self.results}
        whole = [one for one in bases if one] if len(bases) == 1 else []
        for letter, result in self._lettered()[1:]:
            apart, parts = self.difference(letter), []
            for quantity in self.quantities:
                one = tell_rows(apart.runner.nation(apart.selection, quantity), unspread="", shapes="")
                parts.append(said_of(quantity, one.about))
                name = message("capitalised", words=message(f"called_{nature_of(quantity)}"))
                basis = joined([message("letter_less", letter=letter), *one.basis, *whole], "; ")
                tiles.append(Tile(name=name, value=one.words, basis=basis))
            new = [one.name for name, one in result.components.items() if name not in first.components]
            gone = [one.name for name, one in first.components.items() if name not in result.components]
            why = [message("only_in", letter=letter, names=new)] if new else []
            why += [message("only_in", letter=LETTERS[0], names=gone)] if gone else []
            why = why or [message("same_components")]
            sentences.append(message("bundles_compared", letter=letter, title=result.title, first=first.title,
                                     parts=parts, why=joined(why, "; ")))  # fmt: skip
        each = [
            message("of_letter", letter=letter, what=answer_of_all(result).sentence)
            for letter, result in self._lettered()
        ]
        return Answer(
            sentence=joined(sentences, " "), tiles=tuple(tiles[:3]), more=tuple(each), outside=tuple(self._outside())
        )

    def _outside(self) -> Iterator[str]:
        """What is not in the figures: of all of them first, then of each."""
        of_each = {letter: outside(result) for letter, result in self._lettered()}
        shared = [text for text in of_each[LETTERS[0]] if all(text in texts for texts in of_each.values())]
        yield from shared
        for letter, texts in of_each.items():
            for text in texts:
                if text not in shared:
                    ours = isinstance(text, Message)
                    yield message("of_letter", letter=letter, what=text) if ours else f"{letter}: {text}"


def compare(results: Sequence[BundleResult]) -> BundleComparison:
    """Put the results of two or three bundles side by side.

    Raises
    ------
    InputError
        Bundles on other maps or years, in other prices, or with other draws: all at once.
    """
    first, *others = results
    for other in others:
        other.difference(first)  # raises what keeps them apart
    named: Mapping[str, str] = dict(zip(LETTERS, (one.title for one in results), strict=False))
    return BundleComparison(
        title=message("comparison_of_bundles"),
        notes=(
            *(message("titled", of=letter, title=title) for letter, title in named.items()),
            *dict.fromkeys(note for one in results for note in one.notes),
        ),
        provenance={letter: dict(one.provenance) for letter, one in zip(LETTERS, results, strict=False)},
        illustrative=any(one.illustrative for one in results),
        map_date=None,
        results=tuple(one.everything() for one in results),
    )  # fmt: skip
