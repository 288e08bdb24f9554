"""Saved results, damaged as disks and networks do it, and by someone who signs the file anew.

What is damaged has to be refused. What is signed anew has to be refused too, or to answer like a result: no raw error,
quantiles that rise, shares between 0 and 1. The same content packed otherwise has to be accepted, with its figures.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import ggu_costs as ggu
from ggu_costs.errors import GguCostsError
from ggu_costs.impact import Driver, ImpactResult, MadeLine, Term, programme_from_function, programme_from_parts
from ggu_costs.simulation import marginals

from .counts import Case, Counts, WrongSumError, try_all

NAME = "saved"

_MARK = b"ggu_costs result 2 sha256 " + b"0" * 64
_VALID_SHARE = 0.1
_FIGURES = (
    0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 1e300, -1e300, float("nan"), float("inf"), float("-inf"), 2.0**63, -(2.0**63),
    1e12,
)  # fmt: skip
_WHOLE = (0, 1, -1, 2, 63, 64, 255, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**62, 2**63 - 1, -(2**63))
_TOLD = (
    None, True, False, 0, 1, -1, 3, 64, 2**31, 2**32, 2**53 + 1, 2**63, 10**30, 10**400, 0.5, -0.5, 1e308, 1e-320, "",
    "x", "net", "base", "a - b - c", "GM0363", "random", "sobol", "x" * 30_000, "\x1b[2J", "\u202e", [], [1], ["net"],
    [[]], [["zelf", "net"]], {}, {"a": 1}, {"x": []},
    {"$message": "participation_in", "facts": {"year": 2024}},
    {"$message": "amount", "facts": {"value": 10**30, "how": "99"}},
    {"$message": "merged", "facts": {"old": {"$message": "x"}, "new": {"$fraction": "1/0"}}}, {"$message": "joined"},
)  # fmt: skip
_KINDS = ("<f8", "<f4", "<i8", "<i4", "<u4", "<u8", ">f8", "<U3", "|b1", "<c16")


# -- results to begin with ---------------------------------------------------------------------------------------------


def _small(**how: Any) -> Any:
    """Programmes of a few municipalities: a rare risk beside a base cost has cells."""
    people = ggu.municipalities(2024)["inhabitants"].loc[["GM0014", "GM0034", "GM0037", "GM0059", "GM0363"]]
    size = people.to_numpy(dtype=float)
    lines = [
        MadeLine("zelf", "Zelf", "cost", "structural", (Term("zelf", size, factors=(("prijs", 1), ("eigen", 1))),)),
        MadeLine("risico", "Risico", "cost", "one_off", (Term("risico", size, factors=(("kans", 1),)),)),
        MadeLine("baten", "Baten", "benefit", "structural", (Term("baten", size, constant=0.5),)),
    ]
    return programme_from_parts(
        "Klein", by="de proef", inhabitants=people, map_date="2024-01-01", years=(2024, 2025),
        drivers=[
            Driver("prijs", marginals.triangular(0.8, 1.0, 1.6)), Driver("kans", marginals.bernoulli(0.01)),
            Driver("eigen", marginals.lognormal(0.0, 0.2), "unit"),
        ],
        lines=lines, alternatives={"zelf": ["zelf", "baten"], "samen": ["risico", "baten"]}, paid_in_full=True,
    ).simulate(**{"draws": 512, "seed": 3} | how)  # fmt: skip


def _interrupted() -> ImpactResult:
    def stop(done: int, _: int) -> None:
        if done >= 128:
            raise KeyboardInterrupt

    how = {"draws": 64, "method": "sobol", "replicates": 4, "threads": 1, "progress": stop, "on_interrupt": "keep"}
    return _small(**how)


def _by_function() -> ImpactResult:
    people = ggu.municipalities(2024)["inhabitants"].loc[["GM0014", "GM0363"]]
    return programme_from_function(
        "p", _twice, by="de proef", inhabitants=people, map_date="2024-01-01",
        drivers=[Driver("x", marginals.uniform(1.0, 2.0))], lines=[MadeLine("a", "a", "cost", "one_off")],
    ).simulate(64, seed=1)  # fmt: skip


def _twice(values: Any, municipalities: Any) -> dict[str, Any]:
    return {"a": 2.0 * values["x"] * municipalities["inhabitants"].to_numpy()}


@cache
def originals() -> tuple[bytes, ...]:
    """Files of results of every kind; a result is asked some more before it is saved."""
    asked = _small()
    asked.compensation_for(0.9, "every")
    asked.probability("net", above=1e5)
    national = ggu.open_programme("programmes/vroegsignalering").simulate(draws=64, seed=1)
    results = (
        asked, _small(exact=True), _small(method="sobol", draws=64, replicates=3), _interrupted(), _by_function(),
        _small().difference("samen"), national,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        return tuple(result.save(Path(folder) / "r").read_bytes() for result in results)


def members_of(content: bytes) -> dict[str, bytes]:
    """What is in a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def signed(content: bytes) -> bytes:
    """The same with the hash that it has now."""
    return content[:-64] + hashlib.sha256(content[:-64]).hexdigest().encode()


def packed(members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A file with these members and a right hash."""
    content = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w", compression) as whole:
        warnings.simplefilter("ignore", UserWarning)  # a name twice is one of the cases
        whole.comment = _MARK
        for name, member in members:
            whole.writestr(zipfile.ZipInfo(name), member, compression)
    return signed(content.getvalue())


# -- damage ------------------------------------------------------------------------------------------------------------


def cases(count: int, seed: int) -> Iterator[Case]:
    """The same damage for the same seed."""
    files = originals()
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 (damage, no secrets)
        content = chance.choice(files)
        if chance.random() < _VALID_SHARE:
            yield Case(_packed_otherwise(content, chance), ".npz", valid=True)
        else:
            change: Callable[[bytes, random.Random], bytes] = chance.choice(
                (_bytes, _bytes, _signed_bytes, _array, _array, _array, _told, _told, _told, _members)
            )
            yield Case(change(content, chance), ".npz")


def _packed_otherwise(content: bytes, chance: random.Random) -> bytes:
    members = list(members_of(content).items())
    if chance.random() < 0.3:
        return content
    told, rest = members[0], members[1:]
    chance.shuffle(rest)
    if chance.random() < 0.5:
        told = (told[0], json.dumps(json.loads(told[1]), indent=chance.choice((None, 0, 4))).encode())
    return packed([told, *rest], chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def _bytes(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, gone, there twice, or zero: as it is left by a disk; now and then the end is cut off."""
    before = content
    while content == before:
        for _ in range(chance.choice((1, 1, 1, 2, 20))):
            at, length = chance.randrange(len(content)), chance.choice((1, 1, 16, 512, 4096))
            match chance.randrange(6):
                case 0:
                    content = content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
                case 1:
                    content = content[:at] + content[at + length :]
                case 2:
                    content = content[:at] + bytes(length) + content[at + length :]
                case 3:
                    content = content[:at] + content[at : at + length] * 2 + content[at + length :]
                case 4:
                    other = chance.choice(originals())
                    content = content[:at] + other[at : at + length] + content[at + length :]
                case _ if chance.random() < 0.3:
                    content = content[:at]
            content = content or b"\0"
    return content


def _signed_bytes(content: bytes, chance: random.Random) -> bytes:
    """Bytes of the zip itself: its heads, tables and packed content; signed anew."""
    changed = bytearray(content)
    marks = [at for mark in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06") for at in _all(content, mark)]
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.choice(marks) + chance.randrange(50)
        if chance.random() < 0.2:
            at = chance.randrange(len(changed) - len(_MARK))
        at = min(at, len(changed) - len(_MARK) - 8)
        size = chance.choice((1, 2, 4))
        changed[at : at + size] = struct.pack(
            "<Q", chance.choice((0, 1, 0xFF, 0xFFFF, 0xFFFFFFFF, chance.getrandbits(32)))
        )[:size]
    return signed(bytes(changed))


def _all(content: bytes, mark: bytes) -> list[int]:
    found, at = [], content.find(mark)
    while at >= 0:
        found.append(at)
        at = content.find(mark, at + 1)
    return found


def _array(content: bytes, chance: random.Random) -> bytes:
    """Figures, shape or type of one array, or of a few."""
    members = members_of(content)
    names = [name for name in members if name.endswith(".npy")]
    for name in chance.sample(names, chance.choice((1, 1, 1, 2, 5))):
        array = np.load(io.BytesIO(members[name])).copy()
        match chance.randrange(10):
            case 0:
                array = array[: chance.choice((0, 1))]
            case 1:
                array = np.repeat(array, 2, axis=chance.randrange(array.ndim))
            case 2:
                array = array.T.copy()
            case 3:
                array = array.reshape(-1)
            case 4:
                with np.errstate(all="ignore"):
                    array = array.astype(chance.choice(_KINDS))
            case 5:
                array = array[::-1].copy()
            case 6:  # the head says something else than there is
                head = bytearray(members[name])
                at = chance.randrange(min(len(head), 128))
                head[at] = chance.randrange(256)
                members[name] = bytes(head)
                continue
            case _ if array.size:
                flat = array.reshape(-1)
                for _ in range(chance.choice((1, 1, 3, 100))):
                    value: Any = chance.choice(_FIGURES if array.dtype.kind == "f" else _WHOLE)
                    place, other = chance.randrange(array.size), chance.randrange(array.size)
                    if chance.random() < 0.4:
                        value = flat[other].item() if chance.random() < 0.5 else flat[place].item() + 1
                    flat[place] = np.array(value).astype(array.dtype) if array.dtype.kind == "f" else _cut(value, array)
        saved = io.BytesIO()
        np.save(saved, array)
        members[name] = saved.getvalue()
    return packed(list(members.items()))


def _cut(value: Any, array: Any) -> Any:
    return np.array([int(value) % 2**64], np.uint64).view(np.int64).astype(array.dtype)[0]


def _told(content: bytes, chance: random.Random) -> bytes:
    """A fact of the JSON: another value, away, twice, or one that is not known."""
    members = members_of(content)
    told = json.loads(members["result.json"])
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        part: Any = told
        while True:
            keys: list[Any] = list(part) if isinstance(part, dict) else list(range(len(part)))
            key = chance.choice(keys)
            if not isinstance(part[key], dict | list) or not part[key] or chance.random() < 0.25:
                break
            part = part[key]
        match chance.randrange(5):
            case 0 if isinstance(part, dict) and len(part) > 1:
                del part[key]
            case 1 if isinstance(part, list):
                part.append(part[key])
            case 2 if isinstance(part, dict):
                part[chance.choice(("x", "", "version", "rows", "count"))] = chance.choice(_TOLD)
            case 3 if isinstance(part[key], int) and not isinstance(part[key], bool):
                part[key] += chance.choice((1, -1, 64, 2**20))
            case _:
                part[key] = chance.choice(_TOLD)
    text = json.dumps(told)
    if chance.random() < 0.05:
        text = chance.choice(
            (text[:-1], "[" * 5_000 + text, text.replace("0", "NaN", 1), text + text, '{"a":' * 500, "\ufeff" + text)
        )
    members["result.json"] = text.encode("utf-8", "surrogatepass")
    return packed(list(members.items()))


def _members(content: bytes, chance: random.Random) -> bytes:
    """Members that are missing, there twice, under each other's names, of another file, or a bomb."""
    members = list(members_of(content).items())
    place, other = chance.randrange(len(members)), chance.randrange(len(members))
    match chance.randrange(6):
        case 0:
            del members[place]
        case 1:
            members.insert(other, members[place])
        case 2:
            (one, first), (two, second) = members[place], members[other]
            members[place], members[other] = (one, second), (two, first)
        case 3:
            name = chance.choice(
                ("x.npy", "../../x", "result.json.npy", "", "/etc/passwd", "a" * 60_000, "answer99_sums.npy")
            )
            members.append((name, members[place][1]))
        case 4:
            foreign = members_of(chance.choice(originals()))
            name = members[place][0]
            members[place] = (name, foreign.get(name, b""))
        case _:
            members[place] = (members[place][0], members[place][1] + bytes(chance.choice((1, 1_000, 5_000_000))))
    return packed(members)


# -- what has to hold --------------------------------------------------------------------------------------------------


def fuzz(count: int, seed: int) -> Counts:
    """Try `count` files; one in ten is a whole one that is packed otherwise, and has to be accepted."""
    return try_all(NAME, attempt, cases(count, seed))


def attempt(case: Case) -> None:
    """Load one file, and ask what loads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.npz"
        path.write_bytes(case.content)
        try:
            result = ggu.load_result(path)
        except ggu.InputError:
            raise
        except GguCostsError as error:
            raise AssertionError(f"{type(error).__name__} for a file that is there") from error
        if case.content != signed(case.content):
            raise WrongSumError("a file that was changed since it was written was loaded")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # figures that were made up may be as large as they please
            ask(result)
        again = ggu.load_result(result.save(Path(folder) / "again"))
    if again.digest() != result.digest():
        raise WrongSumError("what was loaded and saved has another digest")


def ask(result: ImpactResult) -> None:
    """Ask every question of a loaded result; where it has no answer it says so."""
    asked = [
        partial(getattr(result, name))
        for name in ("national", "by_municipality", "by_year", "by_line", "winners_and_losers", "adequacy", "published")
    ]
    asked += [partial(result.by, group) for group in ("province", "size_class", "safety_region")]
    asked += [partial(result.quantile, 0.37), partial(result.probability, "net", above=1e5), result.sensitivity]
    asked += [partial(result.compensation_for, 0.9, of) for of in ("nation", "every")]
    asked += [partial(result.quantile, 0.95, of=result.assembly.units[0])]
    for question in asked:
        try:
            told: Any = question()
        except GguCostsError:
            continue
        if hasattr(told, "columns"):
            _check(told)


def _check(frame: Any) -> None:
    """Quantiles rise, and a probability is one."""
    known = [name for name in ("p5", "p25", "p50", "p75", "p95") if name in frame.columns]
    for low, high in pairwise(known):
        lower, upper = frame[low].to_numpy(float), frame[high].to_numpy(float)
        if (lower > upper + 1e-9 * np.abs(upper) + 1e-9).any():
            raise WrongSumError(f"{low} above {high}")
    for name in ("p_loss", "probability"):
        if name in frame.columns and ((frame[name] < 0) | (frame[name] > 1)).any():
            raise WrongSumError(f"{name} outside 0 to 1")
