r"""Text from outside: what is refused where it comes in, and how it is written where it goes out.

Names, titles and notes come from files and tables of others. At the door, :func:`unclean` says of a text what no text
may hold: control characters (tabs and line breaks apart), marks that turn the direction of what follows, halves of
characters, and code points that are none. Names with accents, apostrophes, ampersands or emoji all pass.

Text made in Python comes through no door, so every exit writes it for its own form, and each form has one function:

=================  ================================================================================================
HTML               ``ggu_costs.display.html.escaped``; a page: autoescape, after :func:`visible`
JSON               :func:`in_json`; in a script ``ggu_costs.report.page.json_in_script``
workbook           ``ggu_costs.report.sheet.Sheet.text``, after :func:`visible`
CSV                ``ggu_costs.report.tables.as_text``, after :func:`visible`
charts             :func:`one_line`; matplotlib is told that nothing is mathematics
terminal           :func:`on_screen` and :func:`one_line`, in ``ggu_costs.cli.messages.say``; errors: :func:`on_screen`
links              :func:`web_address`
=================  ================================================================================================
"""

import json
import re

_ENDS = "".join(map(chr, (plane | last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))))
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_TURNS = "\u202a-\u202e\u2066-\u2069"
_HALVES = "\ud800-\udfff"
_UNCLEAN = re.compile(f"[{_CONTROLS}{_TURNS}{_HALVES}\ufdd0-\ufdef{_ENDS}]")
_MARKS = re.compile("[\u200e\u200f\u061c]")  # without width; a terminal would put what stands beside them elsewhere
_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
_KINDS = (
    (_CONTROLS, "a control character"),
    (_TURNS, "an invisible mark that turns the direction of text"),
    (_HALVES, "half a character"),
    ("", "no character"),
)
_ADDRESS = re.compile(r"(?:(?i:https?)://[^\s/?#]|mailto:[^\s@]+@)[^\s<>\"]*")


REMEDY = "Type this text anew, without signs that cannot be seen."
"""What to do about a text that is not clean."""


def unclean(text: str) -> str:
    r"""Return in words the first sign that no text may hold; nothing where there is none.

    Examples
    --------
    >>> unclean("Súdwest-Fryslân & 's-Hertogenbosch"), unclean("Fonds\x1b[2J")
    ('', 'holds U+001B, a control character')
    """
    found = _UNCLEAN.search(text)
    if not found:
        return ""
    what = next(words for signs, words in _KINDS if not signs or re.match(f"[{signs}]", found[0]))
    return f"holds U+{ord(found[0]):04X}, {what}"


def visible(text: str) -> str:
    r"""Return text in which what no text may hold stands as its code, so that every form of output can hold it.

    Examples
    --------
    >>> print(visible("Fonds\x1b[2J"))
    Fonds\x1b[2J
    """
    return text if text.isascii() and text.isprintable() else _UNCLEAN.sub(_code, text)


def in_json(text: str) -> str:
    r"""Return JSON in which what no text may hold stands as JSON's own escapes, which are read back as it was.

    Examples
    --------
    >>> print(in_json('"a\u202eb"'))
    "a\u202eb"
    """
    return _UNCLEAN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def on_screen(text: str) -> str:
    r"""Return text that a terminal shows as it is: no sign in it moves the cursor, colours, links or turns around.

    Examples
    --------
    >>> print(on_screen("a\tb\rc\u200fd"))
    a b
    c\u200fd
    """
    return _MARKS.sub(_code, visible(_BREAKS.sub("\n", text).replace("\t", " ")))


def one_line(text: str) -> str:
    r"""Return text as on the screen, on one line.

    Examples
    --------
    >>> one_line("Fonds\u2028GGU\nsom: 0")
    'Fonds GGU som: 0'
    """
    return on_screen(text).replace("\n", " ")


def web_address(text: str) -> str:
    """Return an address that may become a link: http, https or mailto, without blanks or quotes; else nothing.

    Examples
    --------
    >>> web_address("https://vng.nl/fonds"), web_address("javascript:alert(1)")
    ('https://vng.nl/fonds', '')
    """
    return text if _ADDRESS.fullmatch(text) and not _UNCLEAN.search(text) else ""


def _code(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]
