"""Hostile text in every field of every kind of model, read back from every output.

The fields of a kind are found by looking: every text of a shipped model that may be another one, and every text that
its definition takes and the file leaves out. A case puts one payload in all of them, or another in each, runs the model
on the command line and reads what came out: the page by a parser, the workbook as XML and by openpyxl, the tables
under both separators, the terminal by its signs. Every field that shows with plain words has to show.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import pandas as pd
import tomli_w
from pydantic import ValidationError
from typer.testing import CliRunner

from ggu_costs import cli
from ggu_costs.catalogue import KINDS, definition_of, model_files, open_model, read_model
from ggu_costs.display.report import Report
from ggu_costs.display.task_field import TaskFieldWarning
from ggu_costs.errors import GguCostsError, InputError, ModelFileError
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.loader import _references, _seen_together
from ggu_costs.modelfile.values import Checked
from ggu_costs.reference import SHIPPED
from ggu_costs.report.dossier import dossier, files_of

from .counts import Case, Counts, keep, outcome

NAME = "text"

_MARK = "¤"  # where the mark of the field stands
PLAIN = "gewone woorden ¤"
PAYLOADS = {
    "script": "<script>window.ran=1</script>¤",
    "image": '"><img src=x onerror=window.ran=1>¤',
    "attribute": "' onmouseover='window.ran=1' x='¤",
    "end of script": "</script><script>window.ran=1</script>¤",
    "svg": "</title><svg onload=window.ran=1>¤",
    "comment": "<!--<script>¤",
    "style": "</style><style>*{display:none}</style>¤",
    "cdata": "]]><x/>&unknown;¤",
    "entities": "&lt;b&gt; &amp;amp; &#27; &#x202e; ¤",
    "address": "javascript:window.ran=1//¤",
    "data address": "data:text/html,<script>window.ran=1</script>¤",
    "long address": "https://¤/" + "a" * 3_000,
    "odd address": "https://example.org/#a#b[1]{2}`^¤",
    "template": "{{ 7*7 }}{% for x in y %}{# ¤ #}¤",
    "interpolation": "${window.ran=1} #{x} %s %(x)s {0} {name} ¤",
    "formula": '=HYPERLINK("http://x","¤")',
    "plus": "+cmd|' /C calc'!A0 ¤",
    "minus": "-1+1 ¤",
    "at": "@SUM(1) ¤",
    "wide formula": "＝1+1 ¤",
    "semicolon": "ok;=1+1 ¤",
    "comma": "ok,=1+1 ¤",
    "blank": "\u00a0=1+1 ¤",
    "no width": "\ufeff\u200b\u2060=1+1 ¤",
    "tab": "tab\t=1+1 ¤",
    "breaks": "eerste\r\n=1+1\rtweede\nderde ¤",
    "separators": "a\u2028=1+1\u2029b ¤",
    "quotes": "\"dubbel\" 'enkel' `terug` \\ ¤",
    "escapes": "_x000D_ _x005F_x000D_ \\u003c \\x1b ¤",
    "mathematics": "$\\frac{1}{0}$ $x^2 $ ¤",
    "path": "../../../etc/passwd ¤",
    "reserved": "CON NUL.txt a:b\\c|d ¤",
    "sheet name": "[Blad]*?:/\\ 'x' ¤",
    "header codes": '&L&D&"Arial"&12 ¤',
    "accents": "Súdwest-Fryslân & 's-Hertogenbosch, Z\u0351\u036b\u0343algo e\u0301 ¤",
    "emoji": "👩\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e007f ¤",
    "other direction": "\u200fقانون\u200e שלום \u061c ¤",
    "other script": "東京都 한국 ไทย ¤",
    "words of programs": "__proto__ constructor null NaN None true 1e309 ¤",
    "markdown": "[x](javascript:1) **a** | b | # c ¤",
    "long": "¤ " + "lang " * 400,
}
"""Texts that every model takes, by name."""
REFUSED = {
    "colour": "\x1b[31m\x1b]8;;https://x\x07¤",
    "bell": "\x07\x08\x7f¤",
    "eighth bit": "\x9b31m\x85¤",
    "override": "\u202e¤\u202c",
    "isolate": "\u2066¤\u2069",
    "half": "\ud800¤",
    "no character": "\ufffe\uffff\ufdd0¤",
    "zero": "\x00¤",
    "page": "\x0b\x0c¤",
}
"""Texts that no model takes; made in Python they reach the outputs all the same."""

_TRIAL = PLAIN.replace(_MARK, "q0z")
_OWN = {"id", "schema", "kind", "base"}
_BLANKS = "".join(map(chr, (0xA0, 0xAD, 0x200B, 0x200E, 0x2060, 0xFEFF))) + " \t\n"
_FORMULA = re.compile(r"[=@＝＋－＠]|[+-](?!\d[^A-Za-z|!(=+@-]*$)")
_CUT = 200  # signs of a cell of the page, which says where the rest is
_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SEEN = re.compile(r"q\d+z")


@dataclass(frozen=True)
class Base:
    """A model to put texts in: its tables, the texts that may be others, and the places of those it leaves out."""

    name: str
    tables: Mapping[str, Any]
    texts: tuple[str, ...]
    absent: tuple[tuple[tuple[Any, ...], str], ...]

    @property
    def count(self) -> int:
        return len(self.texts) + len(self.absent)

    def filled(self, payloads: list[str]) -> dict[str, Any]:
        """Return the tables with a payload in every field."""
        words = [payload.replace(_MARK, f"q{at}z") for at, payload in enumerate(payloads)]
        tables = deepcopy(dict(self.tables))
        for (place, name), text in zip(self.absent, words[len(self.texts) :], strict=True):
            _at(tables, place)[name] = text
        filled: dict[str, Any] = _renamed(tables, dict(zip(self.texts, words[: len(self.texts)], strict=True)))
        return filled


def _at(tables: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        tables = tables[step]
    return tables


def _renamed(part: Any, words: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return words.get(part, part)
    if isinstance(part, dict):
        return {words.get(key, key): _renamed(item, words) for key, item in part.items()}
    return [_renamed(item, words) for item in part] if isinstance(part, list) else part


def _texts(part: Any, top: bool = True) -> Iterator[str]:
    """Every text and key of a file, but for what says which file it is."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, item in part.items():
            if not (top and key in _OWN):
                yield key
                yield from _texts(item, top=False)
    elif isinstance(part, list):
        for item in part:
            yield from _texts(item, top=False)


def _dicts(part: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if isinstance(part, dict):
        yield place, part
        for key, item in part.items():
            yield from _dicts(item, (*place, key))
    elif isinstance(part, list):
        for at, item in enumerate(part):
            yield from _dicts(item, (*place, at))


@cache
def _classes() -> tuple[type[Checked], ...]:
    """Every class of a part of a model file."""
    for kind in KINDS:
        definition_of(kind)
    found: list[type[Checked]] = [Checked]
    for each in found:
        found += [below for below in each.__subclasses__() if below not in found]
    return tuple(found)


@cache
def _fixed() -> frozenset[str]:
    """Names of fields, and words of which a field takes one."""
    names: set[str] = set()

    def words(annotation: Any) -> None:
        for argument in get_args(annotation):
            if isinstance(argument, str):
                names.add(argument)
            else:
                words(argument)

    for each in _classes():
        for name, field in each.model_fields.items():
            names.update((name, field.alias or name))
            words(field.annotation)
    return frozenset(names)


@contextmanager
def _any_task_field() -> Iterator[None]:
    """Let a task field be any text: only its form is warned about, and no payload has it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TaskFieldWarning)
        yield


@_any_task_field()
def _loads(tables: Mapping[str, Any], definition: type[Header]) -> bool:
    try:  # the reader of files would look for every fault, which takes long
        made = definition.model_validate(tables)
        return not [*_references(tables), *_seen_together(made, SHIPPED)]
    except (ValidationError, GguCostsError):
        return False


_LOOKED_UP = ("traits", "indexed")
"""Parts of a model file that name what stands in a table or another file."""


@cache
def base(name: str) -> Base:
    """Find the fields of a shipped model."""
    tables = {**read_model(name).tables, "id": "proef"}
    if "simulation" in tables:
        tables = {**tables, "simulation": {**tables["simulation"], "draws": 256, "method": "random"}}
        tables["simulation"].pop("replicates", None)
    definition = definition_of(str(tables["kind"]))
    elsewhere = {text for _, part in _dicts(tables) for key in _LOOKED_UP for text in _texts(part.get(key))}
    taken = _fixed() | elsewhere
    candidates = [text for text in dict.fromkeys(_texts(tables)) if text not in taken and not _looks_fixed(text)]
    texts = [text for text in candidates if _loads(_renamed(tables, {text: _TRIAL}), definition)]
    optional = {name for each in _classes() for name, field in each.model_fields.items() if field.default == ""}
    optional -= {"task_field", "grant"}  # a short code of a list, and the id of a model
    absent: list[tuple[tuple[Any, ...], str]] = []
    shapes: dict[tuple[Any, ...], bool] = {}
    for place, part in _dicts(tables):
        for name_ in sorted(optional - set(part) if not set(place) & set(_LOOKED_UP) else ()):
            shape = (tuple(step for step in place if step in _fixed()), tuple(sorted(part)), name_)
            if shape not in shapes:
                tried = deepcopy(dict(tables))
                _at(tried, place)[name_] = _TRIAL
                shapes[shape] = _loads(tried, definition)
            if shapes[shape]:
                absent.append((place, name_))
    return Base(name, tables, tuple(texts), tuple(absent))


def _looks_fixed(text: str) -> bool:
    """Whether a text is a table, a code, a column, a rule, the id of a model or a key of a file: a run looks it up."""
    names = r"[A-Z]{2}:?\S*\d*|[a-z]+(_[a-z]+)*|[a-z]+([/.][a-z0-9_-]+)+|\d{4}.*|\d+(\.\d+)?"
    return "\t" in text or bool(re.fullmatch(names, text))


@cache
def bases() -> tuple[str, ...]:
    """Return of each kind the model with the most fields, and of programmes also one of the nation."""
    sizes: dict[str, list[tuple[int, int, str]]] = {}
    for name in model_files():
        tables = read_model(name).tables
        kind = str(tables["kind"]) + " of the nation" * ("municipal_share" in tables.get("inputs", {}))
        texts = set(_texts(tables))
        sizes.setdefault(kind, []).append((len(texts & _fixed()), -len(texts), name))
    return tuple(name for *_, name in sorted(max(found) for found in sizes.values()))


def cases(seed: int) -> Iterator[Case]:
    """Yield every model with another payload in each field, then every payload in all fields, then the first again."""
    for name in bases():
        yield _case(name, seed=seed)
    for payload in (*PAYLOADS, *REFUSED):
        for name in bases():
            yield _case(name, payload=payload)
    while True:
        seed += 1_000
        for name in bases():
            yield _case(name, seed=seed)


def _case(name: str, **more: object) -> Case:
    return Case(json.dumps({"base": name, **more}).encode(), ".json", more.get("payload") not in REFUSED)


def fuzz(count: int, seed: int) -> Counts:
    """Try at least `count` fields; a field with a text in it is one."""
    counts = Counts()
    for case in cases(seed):
        if counts.tried >= count:
            break
        kind, told = outcome(attempt, case)
        counts.tried += base(json.loads(case.content)["base"]).count
        kind = "valid_refused" if kind == "refused" and case.valid else kind
        if kind not in ("fine", "refused", "slow"):
            setattr(counts, kind, getattr(counts, kind) + 1)
            counts.kept.append(keep(NAME, case, f"{kind}\n{told}"))
    return counts


def payloads_of(told: Mapping[str, Any], count: int) -> list[str]:
    """Return a payload for each field."""
    every = {**PAYLOADS, **REFUSED}
    if "payload" in told:
        return [every[str(told["payload"])]] * count
    order = [payload for payload in PAYLOADS.values() if len(payload) < _CUT]
    random.Random(int(told["seed"])).shuffle(order)  # noqa: S311
    return [order[at % len(order)] for at in range(count)]


def attempt(case: Case) -> None:
    """Run a model full of hostile text, and read everything that came out."""
    told = json.loads(case.content)
    model = base(told["base"])
    tables = model.filled(payloads_of(told, model.count))
    if told.get("payload") in REFUSED:
        refused(tables, REFUSED[told["payload"]], model)
    else:
        files, screen = run(tables)
        elements, shown = plain(model.name)
        if len(PAYLOADS.get(told.get("payload", ""), "")) > _CUT:
            shown = {**shown, "result.html": set()}
        check(files, elements, shown)
        check_screen(screen, plain(model.name)[1]["screen"])


@_any_task_field()
def run(tables: Mapping[str, Any]) -> tuple[dict[str, bytes], str]:
    """Return the files of a run on the command line, and all that it and its neighbours said."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "models", "proef.toml")
        path.parent.mkdir()
        path.write_text(tomli_w.dumps(tables), encoding="utf-8")
        said = ""
        asked = [["show", path], ["run", path, "--out", Path(folder, "out")]]
        if tables["kind"] == "ballot":  # all models there are
            asked.append(["list", "--models", path.parent])
        for words in asked:
            result = CliRunner().invoke(cli.app, [str(word) for word in words], color=True)
            if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
                raise result.exception
            if result.exit_code:
                raise InputError(result.output)
            said += result.stdout + _BAR.sub("", result.stderr)
        return {each.name: each.read_bytes() for each in Path(folder, "out").iterdir()}, said


@cache
def plain(name: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return of a run with plain words in every field the elements of its page, and the fields that each file shows."""
    model = base(name)
    files, screen = run(model.filled([PLAIN] * model.count))
    shown = {file: seen_in(file, content) for file, content in files.items()}
    return {"page": _Elements.of(files["result.html"].decode()).found}, {**shown, "screen": set(_SEEN.findall(screen))}


def refused(tables: Mapping[str, Any], payload: str, model: Base) -> None:
    """Check that the door refuses the text, and that every exit holds it where it was made in Python."""
    try:
        open_model(tables)
    except ModelFileError as error:
        check_screen(str(error), set())
    else:
        raise AssertionError("a text that no text may be was let in")
    report = dossier(open_model(model.filled([PLAIN] * model.count)))
    changed: Report = _with(report, lambda text: _SEEN.sub(lambda mark: payload.replace(_MARK, mark[0]), text))
    content = files_of(replace(changed, explained=()))
    elements, _ = plain(model.name)
    check(content, elements, {name: seen_in(name, made) for name, made in _plain_report(model.name).items()})


@cache
def _plain_report(name: str) -> dict[str, bytes]:
    model = base(name)
    return files_of(replace(dossier(open_model(model.filled([PLAIN] * model.count))), explained=()))


def _with(part: Any, write: Any) -> Any:
    """Return a part of a report with every text written anew."""
    if isinstance(part, str):
        return write(part)
    if isinstance(part, pd.DataFrame):
        frame = part.map(lambda cell: write(cell) if isinstance(cell, str) else cell)
        if frame.index.nlevels == 1:
            frame.index = pd.Index([_with(label, write) for label in frame.index], name=frame.index.name)
        frame.attrs = {name: _with(fact, write) for name, fact in part.attrs.items()}
        return frame
    if isinstance(part, Mapping):
        return {name: _with(item, write) for name, item in part.items()}
    if isinstance(part, list | tuple):
        return type(part)(_with(item, write) for item in part)
    if is_dataclass(part) and not isinstance(part, type) and type(part).__module__.startswith("ggu_costs.display"):
        changed = {each.name: _with(getattr(part, each.name), write) for each in fields(part)}
        return type(part)(**changed)
    return part


def check(files: Mapping[str, bytes], elements: Mapping[str, set[str]], shown: Mapping[str, set[str]]) -> None:
    """Read every file; a field that shows with plain words and not with these is missing."""
    assert set(files) == set(shown) - {"screen"}
    for name, content in files.items():
        missing = shown[name] - seen_in(name, content)
        assert not missing, f"{name}: missing {sorted(missing)[:5]}"
    found = _Elements.of(files["result.html"].decode()).found
    assert found <= elements["page"], f"result.html: {sorted(found - elements['page'])}"


def seen_in(name: str, content: bytes) -> set[str]:
    """Read one file as its readers do; return the fields it shows."""
    if name.endswith(".csv"):
        return _read_csv(name, content)
    if name.endswith(".xlsx"):
        return _read_workbook(content)
    if name.endswith(".json"):
        return set(_SEEN.findall(json.dumps(json.loads(content), ensure_ascii=False)))
    return set(_SEEN.findall(_Elements.of(content.decode()).text))


def _read_csv(name: str, content: bytes) -> set[str]:
    text = content.decode("utf-8-sig")
    for mark in ",;\t":
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        own = mark == (";" if name.count(".") > 1 else ",")
        assert not own or len({len(row) for row in rows}) == 1, f"{name}: rows of different lengths"
        for cell in (cell for row in rows for cell in row):
            live = _FORMULA.match(cell.lstrip(_BLANKS))
            assert not live or re.fullmatch(r"-[\d.,]+", cell), f"{name} with {mark!r}: {cell[:80]!r}"
    assert not hidden(text, "\n\r\t\u200e\u200f\u061c")
    return set(_SEEN.findall(text))


def _read_workbook(content: bytes) -> set[str]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))  # noqa: S314 (the library's own)
    seen = ""
    book = load_workbook(io.BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or not _SEEN.search(str(cell.value)), cell.value
                address = cell.hyperlink.target or "" if cell.hyperlink else ""
                assert not address or address.startswith(("http://", "https://", "mailto:")), address
                seen += f"\n{cell.value}" if isinstance(cell.value, str) else ""
    return set(_SEEN.findall(seen))


class _Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @classmethod
    def of(cls, page: str) -> _Elements:
        read = cls()
        read.feed(page)
        read.close()
        return read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {f"{tag} {name}" for name, _ in attrs if name not in ("class", "href", "rel")} | {tag}
        for name, value in attrs:
            assert not name.startswith("on"), f"<{tag} {name}>"
            if name in ("href", "src"):
                assert re.match(r"#|https?://|mailto:", value or ""), f"{name}={value}"
        if tag in ("script", "style"):
            self.found.add(f"{tag} {sum(each.startswith(tag + ' #') for each in self.found)}")

    def handle_data(self, data: str) -> None:
        if len(data) < 400_000 or data.lstrip().startswith("{"):  # not the scripts
            self.parts.append(data)


_BAR = re.compile(r"\r *\d[^\r\n]{0,200}/s\]|\r *(?=\r|\Z)")  # how far draws are, drawn over itself


def check_screen(text: str, shown: set[str]) -> None:
    """Check that a terminal shows every sign, and every field."""
    found = hidden(text, "\n")
    assert not found, f"the terminal gets {found[:5]!a}"
    missing = shown - set(_SEEN.findall(text))
    assert not missing, f"the terminal lacks {sorted(missing)[:5]}"


def hidden(text: str, allowed: str) -> list[str]:
    """Return the signs of a text that steer what shows it, but for those that are allowed."""
    return [sign for sign in _STEERS.findall(text) if sign not in allowed]
