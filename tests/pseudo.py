"""A third language, made of the Dutch one with every word in brackets; and what an output holds outside brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from ggu_costs.words import languages

PSEUDO = "qq"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’/.][^\W\d_]+)*")
_BRACKETED = re.compile(r"⟦[^⟧\s]*⟧?")


def bracketed(text: str) -> str:
    """Put every word of a text in brackets."""
    return _WORD.sub(lambda word: f"⟦{word[0]}⟧", text)


def template(text: str) -> str:
    """Put every word of a template in brackets, the words inside its fields too; names of facts stay."""
    made = ""
    for literal, field, how, _ in Formatter().parse(text):
        made += bracketed(literal).replace("{", "{{").replace("}", "}}")
        if field is None:
            continue
        kind, blank, more = (how or "").partition(" ")
        more = template(more) if kind in ("plural", "join") else more
        made += "{" + field + ":" * bool(kind) + kind + blank + more + "}"
    return made


@pytest.fixture
def pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Add the language as one file beside the others."""
    import tomli_w

    folder = Path(languages.__file__).parent
    for path in folder.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    words: dict[str, Any] = {name: dict(known) for name, known in languages.vocabularies("nl").items()}
    for name in ("metric", "method"):  # made of others
        del words[name]
    for name, known in words.items():
        if name != "number":
            words[name] = {key: template(text) for key, text in known.items()}
    words["page"]["in_dutch"] = bracketed("In het Nederlands")
    (tmp_path / f"{PSEUDO}.toml").write_text(tomli_w.dumps(words), encoding="utf-8")
    monkeypatch.setattr(languages, "_FOLDER", tmp_path)
    monkeypatch.setattr(languages, "LANGUAGES", languages.found_in(tmp_path))
    languages.vocabularies.cache_clear()
    yield PSEUDO
    languages.vocabularies.cache_clear()


def bare(text: str) -> set[str]:
    """Return the words of a text that are in no brackets."""
    return set(re.findall(r"[^\W\d_]{2,}", _BRACKETED.sub(" ", text)))


class Page(HTMLParser):
    """The texts of a page that are ours to say: outside what is marked as Dutch, scripts and styles."""

    SILENT = ("script", "style")
    SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-words", "data-title")
    EMPTY = ("meta", "input", "br", "path", "link", "img", "wbr", "hr")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.data = ""
        self._open: list[tuple[str, bool]] = []
        self._in_data = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        dutch = bool(self._open and self._open[-1][1]) or tag in self.SILENT
        dutch = dutch or (named.get("lang") == "nl" and tag != "html")
        self._in_data = named.get("id") == "data"
        if not dutch:
            self.texts += [named[name] or "" for name in self.SPOKEN if name in named]
        if tag not in self.EMPTY:
            self._open.append((tag, dutch))

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data += data
        elif not (self._open and self._open[-1][1]):
            self.texts.append(data)
