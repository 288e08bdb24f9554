"""``provenance.json`` as the listing of a folder: what a run wrote there, with the SHA-256 of each file, and its own.

It is the last file that a run writes, so a folder that has a sound one, and the files it lists, is of one run. Reading
it takes little, for the command line starts with it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ggu_costs.errors import GguCostsError
from ggu_costs.reading import read_file
from ggu_costs.text import in_json

LISTING = "provenance.json"

_SEAL = "seal"
_FORBIDDEN = set('/\\:*?"<>|')  # in a file name on one of the systems that users have
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?: *\..*)?", re.IGNORECASE)  # no files on Windows
_LARGEST = 64 << 20  # bytes; a listing has some thousands


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, as it is written."""
    return hashlib.sha256(content).hexdigest()


def is_plain_name(name: str) -> bool:
    """Whether it is a file name on every system, without a folder.

    Examples
    --------
    >>> [is_plain_name(name) for name in ("result.csv", "../result.csv", "a.", "con.csv")]
    [True, False, False, False]
    """
    plain = bool(name.strip()) and name.strip(" .") == name.strip() and name.isprintable()
    return plain and not set(name) & _FORBIDDEN and not _DEVICE.fullmatch(name)


def sealed(content: bytes, files: Mapping[str, bytes]) -> bytes:
    """Return a listing, canonical JSON, with the SHA-256 of the files of its run and of itself."""
    told = json.loads(content) | {"outputs": {name: sha256(files[name]) for name in files if name != LISTING}}
    text = json.dumps(told | {_SEAL: _seal(told)}, indent=2, sort_keys=True, ensure_ascii=False)
    return (in_json(text) + "\n").encode()


def _seal(told: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in told.items() if name != _SEAL}
    return sha256(json.dumps(rest, sort_keys=True).encode())


@dataclass(frozen=True)
class Listing:
    """What the listing of a folder says.

    Attributes
    ----------
    fault
        Code name of what makes it no sound listing; empty where it is one. See ``not_whole`` in the words.
    outputs, files, reference
        SHA-256 by name: of the files of the run, of the model files, and of the reference tables.
    library, title
        What wrote it, and of what.
    tables
        Names of tables; of an older version, which kept no SHA-256, all that is known of its files.
    """

    fault: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    reference: Mapping[str, str] = field(default_factory=dict)
    library: str = ""
    title: str = ""
    tables: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """Files of the run, by plain names; of a listing that is not sound the tables only."""
        tables = (name for name in self.tables if name.endswith(".csv"))
        return {name for name in (*self.outputs, *tables) if is_plain_name(name)}


def read_listing(folder: Path) -> Listing:
    """Read the listing of a folder; whatever stands there, no error."""
    path = folder / LISTING
    try:
        if not path.is_file():
            return Listing("no_listing")
        told = json.loads(read_file(path, most=_LARGEST))
        seal = _seal(told) if isinstance(told, dict) else ""
    except (GguCostsError, OSError, ValueError, RecursionError):
        return Listing("damaged_listing")
    if not isinstance(told, dict):
        return Listing("damaged_listing")
    tables = told.get("tables")
    found = Listing(
        outputs=_digests(told.get("outputs")), files=_digests(told.get("files")),
        reference=_digests(told.get("reference")), library=str(told.get("library", "")),
        title=str(told.get("title", "")),
        tables=tuple(name for name in tables if isinstance(name, str)) if isinstance(tables, list) else (),
    )  # fmt: skip
    if _SEAL not in told:
        return Listing("no_seal", tables=found.tables)
    sound = seal == told[_SEAL] and set(found.outputs) == found.names
    return found if sound else Listing("damaged_listing", tables=found.tables)


def _digests(told: object) -> dict[str, str]:
    """Return what is SHA-256 by name."""
    return {name: value for name, value in told.items() if isinstance(value, str)} if isinstance(told, dict) else {}
