"""Comments of a TOML file, kept where the file is written anew: people put in them why a figure is as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING = re.compile(r"\s*\[+([^\[\]]+)\]+\s*")
_KEY = re.compile(r"\"[^\"]*\"|'[^']*'|[^.\s]+")

Place = tuple[str, ...]
"""Where a line stands: the keys from the top to it; empty for a line that begins no key or heading."""


def with_comments(old: str, new: str) -> str:
    r"""Return a new text with the comments of the old one, each before the key or heading that it stood before.

    A comment behind a value comes before its line; one whose key is gone comes at the end.

    Examples
    --------
    >>> print(with_comments("# ours\n[a]\n# why\nx = 1 # sure?\n# end", "[a]\nx = 2\ny = '#'\n"), end="")
    # ours
    [a]
    # why
    # sure?
    x = 2
    y = '#'
    # end
    """
    kept: dict[Place, list[str]] = {}
    waiting: list[str] = []
    for line, place, comment in _lines(old):
        if comment:
            waiting.append(comment)
        elif not line.strip() and waiting and waiting[-1]:
            waiting.append("")  # a blank line behind a comment
        if place:
            kept.setdefault(place, []).extend(waiting)
            waiting = []
    written = [text for line, place, _ in _lines(new.rstrip("\n")) for text in (*kept.pop(place, ()), line)]
    left = [comment for comments in (*kept.values(), waiting) for comment in comments]
    return "\n".join([*written, *left]).rstrip("\n") + "\n"


def _lines(text: str) -> Iterator[tuple[str, Place, str]]:
    """Return the lines of a text, each with where it stands and its comment."""
    heading: Place = ()
    quote, depth = "", 0
    for line in text.replace("\r\n", "\n").split("\n"):
        begins = not quote and not depth
        code, comment, quote, opened = _parted(line, quote)
        depth += opened
        place: Place = ()
        if begins and (found := _HEADING.fullmatch(code)):
            place = heading = _keys(found[1])
        elif begins and "=" in code:
            place = (*heading, *_keys(code.partition("=")[0]))
        yield line, place, comment


def _keys(text: str) -> Place:
    return tuple(key.strip("\"'") for key in _KEY.findall(text))


def _parted(line: str, quote: str) -> tuple[str, str, str, int]:
    """Part a line into code and comment.

    Parameters
    ----------
    quote
        The marks of the text of several lines that the line is in; empty where it is in none.

    Returns
    -------
    code, comment, quote, opened
        The marks of the text that the next line is in, and how many brackets stay open.
    """
    place, opened = 0, 0
    while place < len(line):
        if quote:
            if line.startswith(quote, place):
                place, quote = place + len(quote), ""
            else:
                place += 2 if quote[0] == '"' and line[place] == "\\" else 1
        elif line[place] == "#":
            return line[:place], line[place:].rstrip(), "", opened
        elif line[place] in "\"'":
            quote = line[place] * (3 if line.startswith(line[place] * 3, place) else 1)
            place += len(quote)
        else:
            opened += (line[place] in "[{") - (line[place] in "]}")
            place += 1
    return line, "", quote if len(quote) > 1 else "", opened
