"""The file of a saved result: a zip of arrays (``.npy``) and one JSON member, with its own SHA-256 at the end.

Nothing is taken from a file before its hash is right and its size is known: a member is unpacked only when the size
that the file states for it is that of the array expected there, and all together have a limit.
"""

import hashlib
import io
import os
import re
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

from ggu_costs.errors import GguCostsError, InputError, MissingInputError
from ggu_costs.files import write_file
from ggu_costs.reading import read_file, reason

SUFFIX = ".npz"
VERSION = 2
FACTS = "result.json"
MOST = 2**30
"""Bytes of all members together, unpacked: some 380 questions of 342 municipalities."""

_MARK = f"ggu_costs result {VERSION} sha256 ".encode()
_LONG_FACTS = 2**26
_HEADER = re.compile(rb"\{'descr': '([<|][a-z]\d{1,2})', 'fortran_order': False, 'shape': \(([\d, ]{0,60})\), \} *\n")
_DAMAGED = (
    BadZipFile, zlib.error, struct.error, EOFError, LookupError, ValueError, ArithmeticError, RuntimeError, OSError,
)  # fmt: skip
_END = struct.Struct("<4s4H2LH")  # of a zip: mark, disks and counts, size and place of the table of contents, comment
_LONG_TABLE = 2**24
_MOST_ARRAYS = 2**16 - 2  # with the JSON as many members as a zip has that is not of the larger form (zip64)
_REMEDY = "Take an undamaged copy, or simulate again: the same model, draws, seed and method give the same result."


def file_of(path: str | os.PathLike[str]) -> Path:
    """Return the file of a name: with ``.npz`` put behind it, unless it is there.

    Examples
    --------
    >>> file_of("run v1.0").name, file_of("run v1.1").name, file_of("run v1.1.npz").name
    ('run v1.0.npz', 'run v1.1.npz', 'run v1.1.npz')
    """
    try:
        found = Path(path)
    except TypeError as error:
        raise InputError(f"path: a {type(path).__name__}", remedy="Give the path of a file.") from error
    if not found.name or "\0" in found.name:
        raise InputError(f"path: {str(path)!r} names no file", remedy="Give a name, such as 'results/run 1'.")
    return found if found.name.endswith(SUFFIX) else found.with_name(found.name + SUFFIX)


def is_marked(path: Path) -> bool:
    """Whether a file ends as a saved result does."""
    with suppress(GguCostsError):
        return read_file(path, most=MOST)[-len(_MARK) - 64 : -64] == _MARK
    return False


def damaged(path: Path, found: str) -> InputError:
    """Return the error for a file that cannot be what was saved."""
    return InputError(f"{path.as_posix()}: no saved result, or a damaged one: {found}", remedy=_REMEDY)


def write(path: Path, facts: bytes, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """Write a file whole; the same content gives the same bytes.

    Raises
    ------
    InputError
        More than a saved result may hold, in bytes or in arrays.
    OutputError
        The file cannot be written; what was there is untouched.
    """
    size = len(facts) + sum(array.nbytes + 2**10 for array in arrays.values())
    if len(facts) > _LONG_FACTS or size > MOST or len(arrays) > _MOST_ARRAYS:
        raise InputError(
            f"{path.as_posix()}: this result holds more than {MOST:,} bytes or {_MOST_ARRAYS:,} arrays, the most that "
            "is saved",
            remedy="Ask fewer questions before you save it.",
        )
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as packed:
        packed.comment = _MARK + b"0" * 64
        packed.writestr(_member(FACTS), facts)
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            packed.writestr(_member(f"{name}.npy"), member.getbuffer())
    signed = content.getbuffer()
    signed[-64:] = hashlib.sha256(signed[:-64]).hexdigest().encode()
    return write_file(path, bytes(signed))


def _member(name: str) -> ZipInfo:
    """Return a member without a clock."""
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member


class Container:
    """An opened file: its JSON as bytes, and its arrays by name.

    Parameters
    ----------
    path
        A regular file.

    Raises
    ------
    InputError
        No such file, no saved result, one of another version, or one that was changed since it was written.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._left, self.digest = path, MOST, ""
        content = _content(path)
        end = len(content) - len(_MARK) - 64 - _END.size
        large = (
            end < 0 or _END.unpack_from(content, end)[5] > _LONG_TABLE or content[max(end - 20, 0) : end][:2] == b"PK"
        )
        if large:  # it would be read whole; the larger form of zip (zip64) is never needed here
            raise damaged(path, "its table of contents is too large")
        try:
            self._packed = ZipFile(io.BytesIO(content))
            members = self._packed.infolist()
        except _DAMAGED as error:
            raise damaged(path, f"its table of contents cannot be read ({error})") from error
        self._members = {member.filename: member for member in members}
        if len(self._members) != len(members):
            raise damaged(path, "a member is there twice")
        self.facts = self._unpacked(FACTS, None)

    def take(self, name: str, kind: str, shape: tuple[int, ...]) -> NDArray[Any]:
        """Return an array of the type and shape that are expected.

        Raises
        ------
        InputError
            It is not there, or has another type or shape.
        """
        size = int(np.prod(shape, dtype=object)) * int(kind[-1])
        content = self._unpacked(f"{name}.npy", size)
        start = 10 + int.from_bytes(content[8:10], "little")
        header = _HEADER.fullmatch(content[10:start]) if content[:8] == b"\x93NUMPY\x01\x00" else None
        stated = "" if header is None else header[2].decode().strip(",")
        if header is None or header[1].decode() != kind or stated != ", ".join(map(str, shape)):
            told = "no array" if header is None else f"{header[1].decode()} of shape ({stated})"
            raise damaged(self.path, f"{name} is {told}, not {kind} of shape {shape}")
        if len(content) - start != size:
            raise damaged(self.path, f"{name} has {len(content) - start} bytes, not {size}")
        return np.frombuffer(memoryview(content)[start:], kind).reshape(shape).copy()  # aligned, whatever the header

    def check_all_taken(self) -> None:
        """Refuse a file that holds what nothing asks for."""
        if self._members:
            raise damaged(self.path, f"{len(self._members)} members that belong to nothing, such as "
                                     f"{min(self._members)[:60]!r}")  # fmt: skip

    def _unpacked(self, name: str, size: int | None) -> bytes:
        """Return a member; of an array of so many bytes, with its header."""
        member = self._members.pop(name, None)
        if member is None:
            raise damaged(self.path, f"{name} is missing")
        most = _LONG_FACTS if size is None else size + 2**10
        self._left -= member.file_size
        if not (size or 0) <= member.file_size <= most or self._left < 0:
            raise damaged(self.path, f"{name} states {member.file_size:,} bytes")
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # the others unpack without a limit
            raise damaged(self.path, f"{name} is packed in another way")
        try:
            with self._packed.open(member) as file:
                content = file.read(member.file_size + 1)
        except _DAMAGED as error:
            raise damaged(self.path, f"{name} cannot be unpacked ({error})") from error
        if len(content) != member.file_size:
            raise damaged(self.path, f"{name} has {len(content):,} bytes, not {member.file_size:,}")
        return content


def _content(path: Path) -> bytes:
    """Return what is in a file whose hash is right."""
    try:
        content = read_file(path, most=MOST)
    except MissingInputError as error:
        raise InputError(f"{path.as_posix()}: no saved result ({reason(error)})", remedy="Check the path.") from error
    if len(content) < len(_MARK) + 64 or content[-64 - len(_MARK) : -64] != _MARK:
        raise damaged(path, f"it does not end as a file of version {VERSION} does")
    if hashlib.sha256(memoryview(content)[:-64]).hexdigest().encode() != content[-64:]:
        raise damaged(path, "its SHA-256 is not the one it states, so it was changed or cut off since it was written")
    return content
