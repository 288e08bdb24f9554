"""What stands above each table of a page: without what the page's own title says already, and never the same twice."""

import re
from collections import Counter
from collections.abc import Sequence

from ggu_costs.display.table import Table
from ggu_costs.words.label import label
from ggu_costs.words.messages import message, say
from ggu_costs.words.page import capital, phrase

_BY_WORDS = ("by_province", "by_size_class")


def short_titles(tables: Sequence[Table], page: str, *, main: Table | None, lang: str) -> dict[str, str]:
    """Return the title of each table by its name.

    Parameters
    ----------
    tables
        The tables of a page.
    page
        Title of the page.
    main
        The table by municipality that the page is about, if there is one.
    lang
        ``nl`` or ``en``.
    """
    per_group, whose = _words_of_rows(phrase("per_group_end", lang)), _words_of_rows(label("per_municipality", lang))
    titles = {table.name: capital(_without(table.title, page) or label(table.name, lang)) for table in tables}
    for table in tables:
        if table.role == "groups":
            by = _by(table, lang)
            if main and table.title == main.title:
                titles[table.name] = capital(_by_instead(_amounts(main, page, lang), whose, by))
            elif per_group.search(titles[table.name]):
                by = f"{phrase('by', lang)} {table.columns()[0].title(lang)}"  # the title says the quantity
                titles[table.name] = _by_instead(titles[table.name], per_group, by)
            elif by.casefold() not in titles[table.name].casefold():
                titles[table.name] = f"{titles[table.name]}, {by}"
    times = Counter(titles.values())
    return {
        name: title if times[title] == 1 else _told_apart(title, label(name, lang)) for name, title in titles.items()
    }


def _told_apart(title: str, words: str) -> str:
    """Return the title with what the table is called, which alone will do where it begins alike."""
    begin = title.partition(" ")[0].casefold()
    return capital(words) if words.casefold().startswith(begin) else f"{title}: {words}"


def _by(table: Table, lang: str) -> str:
    if table.name.startswith(_BY_WORDS):  # also of a year: by_province_2025
        return label(table.name, lang)
    return f"{phrase('by', lang)} {table.columns()[0].title(lang)}"


def _amounts(main: Table, page: str, lang: str) -> str:
    """Return of what a table by municipality is; nothing where the page has the same title."""
    return _without(main.title, page).removesuffix(say(message("indicative_mark"), lang))


def _words_of_rows(words: str) -> re.Pattern[str]:
    """Return what finds the words for the rows of a table in its title: at the end, or before its years."""
    return re.compile(f"(?:^| ){re.escape(words)}(?=,|$)", re.IGNORECASE)


def _by_instead(title: str, words: re.Pattern[str], by: str) -> str:
    """Return a title with other words for its rows, behind it where it has none."""
    changed, count = words.subn(f" {by}", title, count=1)
    return (changed if count else f"{title} {by}").lstrip()


def _without(title: str, page: str) -> str:
    """Return a title without the parts, up to a colon, with which the title of the page begins too."""
    parts = page.split(": ")
    for known in (parts, parts[1:]):  # the page of one municipality begins with its name
        whole = ": ".join(known)
        if whole.startswith(title):
            return ""
        for count in range(len(known), 0, -1):
            head = ": ".join(known[:count])
            if title.startswith((f"{head}: ", f"{head}, ")):
                return title[len(head) + 2 :]
    return title
