"""Is a folder of outputs of one run, whole; and is what that run rested on still the same?

Above `report` and `catalogue`: it reads what the one wrote and finds the models of the other.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ggu_costs.catalogue import model_files
from ggu_costs.errors import GguCostsError, InputError, shortened
from ggu_costs.modelfile.limits import MOST_BYTES
from ggu_costs.reading import read_file
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.report.files import leftovers
from ggu_costs.report.listing import LISTING, read_listing, sha256
from ggu_costs.words.page import phrase

_OF_THE_SYSTEM = re.compile(r"\.|~\$|(Thumbs\.db|desktop\.ini)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What became of a folder that a run wrote.

    Attributes
    ----------
    folder
        The folder.
    title, library
        What the run was of, and which version of the library wrote it; empty where the folder does not say.
    fault
        Code name of what is wrong with ``provenance.json``: ``no_listing``, ``damaged_listing``, ``no_seal``
        (written by a version that kept no SHA-256); empty where it is sound.
    missing, different, foreign
        Files of the run that are not there, or are not as it wrote them; and files beside them that are not of this
        run. Folders do not count, nor hidden files and those that systems and office suites put beside files.
    leftovers
        What a run that was killed left; the next run into the folder removes it. It makes the folder no less whole.
    changed
        Model files (by id) and reference tables (by name) that are otherwise now than when the folder was written. The
        folder is whole all the same; the same run would give other figures now.
    not_given
        Tables of a pack of the user's own that the run rested on, and `reference` does not hold: not compared.
    not_found
        Model files of the run that are not found here, or cannot be read, so that nothing can be said of them.
    """

    folder: Path
    title: str = ""
    library: str = ""
    fault: str = ""
    missing: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the folder holds the files of one run, all of them, as they were written, and no others."""
        return not (self.fault or self.missing or self.different or self.foreign)

    def lines(self, lang: str = "nl") -> list[str]:
        """Say it in words, the answer first."""
        verdict = phrase("folder_whole" if self.whole else "folder_not_whole", lang)
        said = [verdict.format(folder=self.folder.as_posix())]
        said += [f"{self.title} ({self.library})"] if self.title else []
        said += [phrase(self.fault, lang)] if self.fault else []
        for what in ("missing", "different", "foreign", "leftovers", "changed", "not_given", "not_found"):
            said += [phrase(f"folder_{what}", lang).format(name=name) for name in getattr(self, what)]
        return said

    def __str__(self) -> str:
        return "\n".join(self.lines())


def verify(
    folder: str | os.PathLike[str], *, models: str | Path | None = None, reference: Reference = SHIPPED
) -> Verification:
    """Compare a folder of outputs with what its ``provenance.json`` lists.

    That file is the last that a run writes and holds the SHA-256 of every other file, of the model files, of the
    reference tables, and of itself. So a run that was cut off, two runs mixed, and a file that was changed, lost or
    added later are all told.

    Parameters
    ----------
    folder
        Where ``ggu-costs run`` or ``compare`` wrote.
    models
        Folder of your own models, searched first, for the model files of the run.
    reference
        The reference tables of the run; by default the shipped ones.

    Returns
    -------
    Verification
        Whether it is whole, and else what differs, is missing or is foreign.

    Raises
    ------
    InputError
        No folder, or one that cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = verify(folder)
    >>> found.whole, found.fault
    (False, 'no_listing')
    """
    try:
        path = Path(folder)
        names = sorted(one.name for one in path.iterdir() if not one.is_dir())
        listing = read_listing(path)
        wrong = {} if listing.fault else dict(_compared(path, listing.outputs))
    except (OSError, ValueError, TypeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise InputError(
            f"{shortened(str(folder))!r} cannot be read as a folder of outputs: {reason}",
            remedy="Name the folder that was given with --out.",
        ) from error
    known = {LISTING, *listing.outputs}
    foreign = [name for name in names if name not in known and not _OF_THE_SYSTEM.match(name)]
    own = {name for name in listing.reference if "/" in name}
    not_given = own.difference(reference.table_hashes())
    compared = {name: digest for name, digest in listing.reference.items() if name not in not_given}
    changed, not_found = _since(listing.files, compared, models, reference)
    return Verification(
        folder=path, title=listing.title, library=listing.library, fault=listing.fault,
        missing=_those(wrong, "missing"), different=_those(wrong, "different"),
        foreign=() if listing.fault else tuple(foreign), leftovers=tuple(left.name for left in leftovers(path)),
        changed=tuple(changed), not_given=tuple(_sorted(not_given)), not_found=tuple(not_found),
    )  # fmt: skip


def _compared(folder: Path, outputs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, digest in sorted(outputs.items()):
        path = folder / name
        if not path.exists():
            yield name, "missing"
        elif not stat.S_ISREG(path.stat().st_mode) or _digest(path) != digest:
            yield name, "different"


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file of any size, which is not held whole."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _those(wrong: Mapping[str, str], how: str) -> tuple[str, ...]:
    return tuple(name for name, found in wrong.items() if found == how)


def _since(
    files: Mapping[str, str], tables: Mapping[str, str], models: str | Path | None, reference: Reference
) -> tuple[list[str], list[str]]:
    """Return what is otherwise now, and what is not found here."""
    if not files and not tables:
        return [], []
    there = model_files(models)
    tables_now = reference.table_hashes()
    now = {name: _now(there[name]) for name in files if name in there}
    changed = [name for name, digest in now.items() if digest not in ("", files[name])]
    changed += [name for name in tables if tables_now.get(name) != tables[name]]
    return _sorted(changed), _sorted(name for name in files if not now.get(name))


def _now(path: Path) -> str:
    """Return the SHA-256 of a model file; nothing where it cannot be read."""
    try:
        return sha256(read_file(path, most=MOST_BYTES))
    except GguCostsError:
        return ""


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
