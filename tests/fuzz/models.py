"""Model files of all kinds, mutated by line and by byte: checked, opened and run small."""

from __future__ import annotations

import hashlib
import random
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .counts import Case, Counts, WrongSumError, try_all
from .damage import damaged

NAME = "models"

_FOLDER = Path(__file__).parents[2] / "models"
_VALID_SHARE = 0.1
_HOSTILE = (
    "0", "-1", "-0.0", "1e308", "-1e308", "1e-99999999", "1e10000000000", "1e99999999999999999999", "9" * 4_400,
    "0x" + "f" * 4_400, "1" + "0" * 30, "0." + "3" * 900, "inf", "-inf", "nan", "0.1", "1.0", "2", "3.5", "850.000",
    "12,5", "1.234.567", "1e13", "9999999999999.99", "0.005", "true", "false", '""', '" "', '"pm"', '"unallocated"',
    '"EUR"', '"share"', '"enacted"', '"12,5"', '"GM0363"', '"' + "x" * 30_000 + '"', r'"\u0000"', r'"\u001b[2J"',
    r'"\u202e"', '"=1+1"', '"<script>"', "2024-01-01", "9999-12-31", "0001-01-01", "1900-01-01", "2024-01-01T00:00:00Z",
    "12:30:00", "[]", "[[]]", "[1, 2, 3]", '["a", "b"]', "[1, [2, [3]]]", "[" * 60 + "]" * 60,
    "[" * 1_000 + "]" * 1_000,
    "{}", "{ a = 1 }", "{ value = 1 }", '{ years = { 2024 = "pm" } }', "{ years = {} }", "{ 2024 = 1, 2025 = 2 }",
    '{ years = { 2024 = 0.5 }, unit = "share", status = "estimated", by = "x" }', '{ input = "" }',
    '{ value = 1e308, unit = "EUR", vat = "excl", price_level = "2024", status = "estimated", by = "x" }',
    '{ value = 0.5, unit = "share", status = "estimated", by = "x" }',
    '{ mark = "pm", unit = "EUR", vat = "excl", price_level = "2024", status = "estimated", by = "x" }',
    "[" + ", ".join(["1e300"] * 2_000) + "]", "[" + ", ".join(f'"GM{code:04}"' for code in range(3_000)) + "]",
)  # fmt: skip
_LINE = re.compile(r"""(\s*)([A-Za-z_][\w.-]*|"[^"]+")(\s*=\s*)(.+)""")
_INSIDE = re.compile(r"([\w.-]+\s*=\s*)([^,{}\[\]\s]+|\"[^\"]*\")(?=\s*[,}])")
_FIGURE = re.compile(r"(?<![\w.\"-])-?\d[\d_]*(?:\.\d[\d_]*)?(?![\w.:-])")
_DECIMAL = re.compile(r"\d+\.\d+")


@cache
def originals() -> dict[str, str]:
    """The shipped models, and the small ones of the tests, by a name."""
    import model_files

    shipped = {
        path.relative_to(_FOLDER).as_posix(): path.read_text("utf-8") for path in sorted(_FOLDER.rglob("*.toml"))
    }
    return shipped | {"small": model_files.FUND}


def fuzz(count: int, seed: int) -> Counts:
    """Try `count` mutants; one in ten is another way to write a valid file, which has to be accepted."""
    return try_all(NAME, attempt, mutants(count, seed))


def mutants(count: int, seed: int) -> Iterator[Case]:
    """The same mutants for the same seed."""
    texts = list(originals().values())
    others = [text.encode() for text in texts]
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 (mutants, no secrets)
        text = chance.choice(texts)
        if chance.random() < _VALID_SHARE:
            yield Case(_rewritten(text, chance), ".toml", valid=True)
        elif chance.random() < 0.75:
            for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
                text = _changed(text, chance)
            yield Case(text.encode("utf-8", "surrogatepass"), ".toml")
        else:
            yield Case(damaged(text.encode(), chance, others), ".toml")


def _changed(text: str, chance: random.Random) -> str:
    """Change one line, or a few, so that the file is mostly still TOML."""
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if line.strip()]
    place = chance.choice(places)
    other = chance.choice(places)
    found = _LINE.fullmatch(lines[place])
    match chance.choice((0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 7, 7, 8, 8)):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[place])
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case 3 if found:
            key = chance.choice((found[2] + "x", "x", "id", "value", "unit", '""', "a." * 40 + "b"))
            lines[place] = f"{found[1]}{key}{found[3]}{found[4]}"
        case 4:
            lines.insert(
                place,
                chance.choice(
                    ("[x]", "[[x]]", "[sources.x]", "[fund]", "x = 1", "[" + "a." * 3_000 + "a]", "[[activities]]")
                ),
            )
        case 5:  # a whole table, away or there again
            starts = [at for at, line in enumerate(lines) if line.startswith("[")] + [len(lines)]
            if len(starts) > 1:
                first = chance.randrange(len(starts) - 1)
                block = lines[starts[first] : starts[first + 1]]
                if chance.random() < 0.5:
                    del lines[starts[first] : starts[first + 1]]
                else:
                    lines[starts[first] : starts[first]] = block * chance.choice((1, 1, 300))
        case 6 if _FIGURE.search(lines[place]):
            figure = chance.choice(list(_FIGURE.finditer(lines[place])))
            near = (
                f"-{figure[0]}",
                f"{figure[0]}e5",
                f"{figure[0]}0",
                figure[0][:-1] or "1",
                "1e300",
                "1e-300",
                '"pm"',
            )
            new = chance.choice((*_HOSTILE[:24], *near * 3))
            lines[place] = lines[place][: figure.start()] + new + lines[place][figure.end() :]
        case 7 if inside := list(_INSIDE.finditer(lines[place])):
            part = chance.choice(inside)
            lines[place] = lines[place][: part.start(2)] + chance.choice(_HOSTILE) + lines[place][part.end(2) :]
        case _ if found:
            lines[place] = f"{found[1]}{found[2]}{found[3]}{chance.choice(_HOSTILE)}"
    return "\n".join(lines)


def _rewritten(text: str, chance: random.Random) -> bytes:
    """Write the same file in another way: nothing that it says changes."""
    lines = text.split("\n")
    for _ in range(chance.choice((1, 3, 10))):
        place = chance.randrange(len(lines))
        found = _LINE.fullmatch(lines[place])
        if not found or not _alone(lines[place]):
            continue
        indent, key, mark, value = found.groups()
        match chance.randrange(6):
            case 0 if "." not in key and not key.startswith('"'):
                key = f'"{key}"' if chance.random() < 0.5 else f"'{key}'"
            case 1 if "#" not in value:
                value += chance.choice(("  # nagekeken", " #", "   ", "\t"))
            case 2 if re.fullmatch(r"-?\d[\d_]*\.\d+", value):
                value = _same_figure(value, chance)
            case 3 if re.fullmatch(r'"[^"\\\']*"', value):
                value = f"'{value[1:-1]}'" if chance.random() < 0.5 else f'"""{value[1:-1]}"""'
            case 4 if re.fullmatch(r'"[^"\\]+"', value):
                value = f'"\\u{ord(value[1]):04x}{value[2:]}'
            case 5:
                mark = chance.choice(("=", "   =   ", "\t=\t"))
        lines[place] = f"{indent}{key}{mark}{value}"
    for _ in range(chance.choice((0, 1, 5))):  # neighbours in one table change places
        place = chance.randrange(len(lines) - 1)
        if all(_LINE.fullmatch(line) and _alone(line) for line in lines[place : place + 2]):
            lines[place : place + 2] = reversed(lines[place : place + 2])
    new = "\n".join(lines)
    if chance.random() < 0.2:
        new = _sources_last(new)
    if _read(new) != _read(text):
        new = text
    end = chance.choice(("\n", "\n", "\r\n"))
    begin = chance.choice((b"", b"", b"\xef\xbb\xbf", b"# een opmerking vooraf\n", b"\n\n"))
    return begin + new.replace("\n", end).encode()


def _same_figure(value: str, chance: random.Random) -> str:
    bare = value.replace("_", "")
    whole, _, rest = bare.partition(".")
    digits = (whole + rest).lstrip("-0") or "0"
    sign = "-" if bare.startswith("-") else ""
    exponent = f"{sign}{digits}e-{len(rest)}"
    return chance.choice((bare, bare + "0" if len(rest) != 2 else bare + "00", exponent, exponent.replace("e", "E")))


def _alone(line: str) -> bool:
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _read(text: str) -> Any:
    from decimal import Decimal

    return tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)


def _sources_last(text: str) -> str:
    blocks = re.split(r"(?m)^(?=\[)", text)
    moved = [block for block in blocks if block.startswith(("[sources.", "[inputs."))]
    return "".join(block for block in blocks if block not in moved).rstrip("\n") + "\n\n" + "".join(moved)


@cache
def _file() -> Path:
    return Path(tempfile.mkdtemp(prefix="ggu-fuzz-")) / "model.toml"


def warm() -> None:
    """Load what running takes, and the kernels."""
    for name in ("funds/ggu/2020.toml", "procurement/example-ibd.toml", "programmes/example-common-ground.toml"):
        attempt(Case(originals()[name].encode(), ".toml"))


def attempt(case: Case) -> None:
    """Check one file, open it and run it small; what comes out has to add up."""
    from ggu_costs import catalogue
    from ggu_costs.errors import MissingInputError

    path = _file()
    path.write_bytes(case.content)
    catalogue.load_model(path)
    model: Any = catalogue.open_model(path)
    try:
        if hashlib.sha256(case.content).digest()[0] < 8:  # one in thirty, as the command line does
            _report(model)
        else:
            _RUNS[model.definition.kind](model)
    except MissingInputError:
        return  # what the user has to bring


def _report(model: Any) -> None:
    if model.definition.kind != "programme":
        model.report()
        return
    from ggu_costs.impact.report import report

    report(model.simulate(draws=1_000), None)


def _run_fund(model: Any) -> None:
    for year in model.definition.years:
        _adds_up(model.bill(year), f"the bill of {year}")


def _run_case(model: Any) -> None:
    _adds_up(model.split(), "the split")


def _adds_up(result: Any, what: str) -> None:
    cents = sum(map(int, result.cents.values() if isinstance(result.cents, Mapping) else result.cents))
    if cents != result.total_cents:
        raise WrongSumError(f"{what} adds up to {cents} cents of {result.total_cents}")


def _run_programme(model: Any) -> None:
    result = model.simulate(draws=100)
    whole = float(result.national("net")["mean"].iloc[0])
    means = result.by_municipality()["mean"]
    if not abs(means.sum() - whole) <= 1e-6 * (abs(means).sum() + 1):  # a NaN is wrong too
        raise WrongSumError(f"means by municipality of {means.sum()}, {whole} for the nation")


def _run_ballot(model: Any) -> None:
    if (model.weights() < 0).any():
        raise WrongSumError("a negative weight")


def _run_grant(model: Any) -> None:
    amounts = model.amounts()
    parts = sum(sum(cents.values()) for cents in amounts.cells("cluster").values())
    if parts != sum(amounts.general_cents.values()):
        raise WrongSumError(f"clusters add up to {parts} cents")


def _run_joint_body(model: Any) -> None:
    outlook = model.outlook()
    money = (outlook.summary() * 100).round()
    income = money["contributions"] + money["exit_fees"] + money["step_in"]
    gap = income - money["addition"] + money["withdrawal"] - money["net_cost"]
    if gap.any():
        raise WrongSumError(f"a year does not close: {gap.tolist()} cents")


def _run_bundle(model: Any) -> None:
    result = model.simulate(draws=64, seed=1)
    parts = sum(float(result.runner.nation(name, "gross").mean[0]) for name in result.components)
    whole = float(result.runner.nation("all", "gross").mean[0])
    if abs(parts - whole) > 1e-6 * max(abs(whole), 1.0):
        raise WrongSumError(f"components add up to {parts}, all together to {whole}")


def _run_index(model: Any) -> None:
    for series in model.series:
        for year, factor in model.table(series)["factor"].items():
            if factor <= 0:
                raise WrongSumError(f"a factor of {factor} in {year}")


_RUNS: dict[str, Any] = {
    "fund": _run_fund,
    "fee": _run_fund,
    "procurement": _run_case,
    "programme": _run_programme,
    "ballot": _run_ballot,
    "grant": _run_grant,
    "joint-body": _run_joint_body,
    "bundle": _run_bundle,
    "index": _run_index,
}
