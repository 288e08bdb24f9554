"""The words of every output, Dutch and English, in one place.

Frames carry code names (``recoverable_vat``); people read words ("compensabele btw"). Every header, status and cause
that a table, plot or workbook prints comes from here, so that one thing has one name everywhere.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from ggu_costs.errors import UnknownNameError

__all__ = [
    "BCF_NOTE",
    "ILLUSTRATIVE",
    "LANGUAGES",
    "SIGNED",
    "VOCABULARIES",
    "Language",
    "banner",
    "checked_language",
    "label",
    "stem",
]

Language: TypeAlias = Literal["nl", "en"]
"""Language of an output."""

LANGUAGES = ("nl", "en")

BCF_NOTE = (
    "Compensabele btw: gemeenten samen winnen hier niets mee zolang het plafond van het BTW-compensatiefonds via het "
    "gemeentefonds wordt verrekend."
)
"""Goes with every national sum of recoverable VAT."""

ILLUSTRATIVE = "FICTIEF VOORBEELD"
"""Printed on every output that holds a value with status `illustrative`, in any language."""

Pair: TypeAlias = tuple[str, str]  # Dutch, English

_COLUMNS: dict[str, Pair] = {
    # who
    "code": ("code", "code"),
    "name": ("gemeente", "municipality"),
    "municipality": ("gemeente", "municipality"),
    "municipalities": ("gemeenten", "municipalities"),
    "per_municipality": ("per gemeente", "per municipality"),
    "participant": ("deelnemer", "participant"),
    "participants": ("deelnemers", "participants"),
    "group": ("groep", "group"),
    "groups": ("groepen", "groups"),
    "province": ("provincie", "province"),
    "safety_region": ("veiligheidsregio", "safety region"),
    "size_class": ("gemeentegrootteklasse", "size class"),
    "urbanity_class": ("stedelijkheid", "urbanity"),
    "kind": ("soort", "kind"),
    "by_size_class": ("per gemeentegrootteklasse", "per size class"),
    "by_province": ("per provincie", "per province"),
    "similar_size": ("vergelijkbare omvang", "similar size"),
    "predecessors": ("voorgangers", "predecessors"),
    "successor": ("opvolger", "successor"),
    # figures of a key
    "inhabitants": ("inwoners", "inhabitants"),
    "households": ("huishoudens", "households"),
    "dwellings": ("woningen", "dwellings"),
    "land_area_km2": ("oppervlakte land (km²)", "land area (km²)"),
    "water_area_km2": ("oppervlakte water (km²)", "water area (km²)"),
    "social_assistance_recipients": ("bijstandsontvangers", "social assistance recipients"),
    "address_density": ("omgevingsadressendichtheid", "address density"),
    "equal": ("gelijk deel", "equal part"),
    "weight": ("stemmen", "votes"),
    "weight_share": ("aandeel in de stemmen", "share of the votes"),
    "members": ("leden", "members"),
    "answer": ("antwoord", "answer"),
    "scale": ("stemverhouding", "scale of votes"),
    "disadvantage": ("nadeel", "disadvantage"),
    "advantage": ("voordeel", "advantage"),
    "unchanged": ("gelijk", "unchanged"),
    "key": ("verdeelsleutel", "key"),
    "rule": ("verdeelregel", "rule"),
    "method": ("methode", "method"),
    "metric": ("verdeelmaatstaf", "allocation driver"),
    "ratio": ("aandeel in de maatstaf", "share of the driver"),
    "share": ("aandeel", "share"),
    "volume": ("volume", "volume"),
    "map_date": ("gemeentelijke indeling op", "municipal map of"),
    "counting_date": ("peildatum", "counting date"),
    "price_level": ("prijspeil", "price level"),
    # the bill
    "contribution": ("bijdrage", "contribution"),
    "contributions": ("bijdragen", "contributions"),
    "fee": ("contributie", "membership fee"),
    "fees": ("contributies", "membership fees"),
    "per_inhabitant": ("per inwoner", "per inhabitant"),
    "rate": ("tarief", "rate"),
    "amount": ("bedrag", "amount"),
    "total": ("totaal", "total"),
    "excluding_vat": ("exclusief btw", "excluding VAT"),
    "including_vat": ("inclusief btw", "including VAT"),
    "vat": ("btw", "VAT"),
    "recoverable_vat": ("compensabele btw", "recoverable VAT"),
    "net": ("netto", "net"),
    "net_after_offset": ("netto na het gemeentefonds", "net after the municipal fund"),
    "offset": ("via het gemeentefonds ontvangen", "received through the municipal fund"),
    # change and redistribution
    "before": ("was", "before"),
    "after": ("wordt", "after"),
    "previous": ("vorig jaar", "previous year"),
    "current": ("dit jaar", "this year"),
    "change": ("verandering", "change"),
    "changes": ("veranderingen", "changes"),
    "change_from": ("verandering van de bijdrage", "change of the contribution"),
    "cause": ("oorzaak", "cause"),
    "causes": ("oorzaken", "causes"),
    "effect": ("meer (+) / minder (-) bijdrage", "more (+) / less (-) contribution"),
    "effects": ("effecten", "effects"),
    "effect_per_inhabitant": (
        "meer (+) / minder (-) bijdrage per inwoner",
        "more (+) / less (-) contribution per inhabitant",
    ),
    "volume_effect": ("volume-effect", "volume effect"),
    "effect_gemeentefonds": ("voordeel (+) / nadeel (-)", "gain (+) / loss (-)"),
    "effect_per_inhabitant_gemeentefonds": (
        "voordeel (+) / nadeel (-) per inwoner",
        "gain (+) / loss (-) per inhabitant",
    ),
    "volume_effect_gemeentefonds": ("volume-effect: voordeel (+) / nadeel (-)", "volume effect: gain (+) / loss (-)"),
    "redistribution": ("herverdeeleffect", "redistribution effect"),
    "phase_in": ("ingroeipad", "phase-in"),
    "moved": ("verschoven bedrag", "amount moved"),
    "phi": ("deel van het voordeel dat wordt uitgekeerd", "share of the gain that is paid out"),
    "limited": ("gemeenten onder de grens", "municipalities still limited"),
    "cap": ("grens", "cap"),
    "residual": ("nog te gaan", "residual"),
    # settlement and underspend
    "advance": ("voorschot", "advance"),
    "final": ("definitief", "final"),
    "settlement": ("afrekening", "settlement"),
    "underspend": ("onderbesteding", "underspend"),
    "refund": ("teruggave", "refund"),
    "paid": ("betaald", "paid"),
    "attributed": ("deel in de onderbesteding", "share of the underspend"),
    "withdrawal": ("onttrekking aan de reserve", "withdrawal from the reserve"),
    "purpose": ("doel", "purpose"),
    "policy": ("bestemming", "policy"),
    "reserve": ("reserve", "reserve"),
    "earmark": ("bestemming", "earmark"),
    "carry_forward": ("doorgeschoven", "carried forward"),
    # portfolio
    "part": ("onderdeel", "part"),
    "parts": ("onderdelen", "parts"),
    "activity": ("activiteit", "activity"),
    "activities": ("activiteiten", "activities"),
    "structural": ("structureel", "structural"),
    "one_off": ("eenmalig", "one-off"),
    "mean": ("gemiddeld", "mean"),
    "sd": ("standaardafwijking", "standard deviation"),
    "p5": ("P5", "P5"),
    "p25": ("P25", "P25"),
    "p50": ("P50", "P50"),
    "p75": ("P75", "P75"),
    "p95": ("P95", "P95"),
    "probability_of_loss": ("kans op nadeel", "probability of a loss"),
    "complaint": ("grootste klacht", "largest complaint"),
    "stable": ("stabiel", "stable"),
    "exists": ("bestaat", "exists"),
    "individually_rational": ("niemand duurder uit", "nobody worse off"),
    "group_size": ("omvang van de groep", "size of the group"),
    "test": ("toets", "test"),
    "long_running": ("langlopende programma's", "long-running programmes"),
    "project": ("projectmatige activiteiten", "projects"),
    "programmes": ("langlopende programma's", "long-running programmes"),
    "projects": ("projectmatige activiteiten", "projects"),
    "unallocated": ("niet toebedeeld", "unallocated"),
    "budget": ("begroting", "budget"),
    "actual": ("realisatie", "actual"),
    "forecast": ("prognose", "forecast"),
    "outlook": ("meerjarenraming", "outlook"),
    "comparison": ("vergelijking", "comparison"),
    "deviation": ("afwijking", "deviation"),
    "explanation": ("toelichting", "explanation"),
    "half_year": ("halfjaarrapportage", "half-yearly report"),
    "year": ("jaar", "year"),
    "date": ("datum", "date"),
    "index": ("index", "index"),
    # joint procurement
    "alone": ("ieder voor zich", "each for itself"),
    "joint": ("gezamenlijk", "together"),
    "saving": ("besparing", "saving"),
    "cost": ("kosten", "cost"),
    # where a figure comes from
    "id": ("kenmerk", "id"),
    "title": ("titel", "title"),
    "unit": ("eenheid", "unit"),
    "item": ("gegeven", "item"),
    "value": ("waarde", "value"),
    "values": ("waarden en aannames", "values and assumptions"),
    "status": ("status", "status"),
    "source": ("bron", "source"),
    "sources": ("bronnen", "sources"),
    "publisher": ("uitgever", "publisher"),
    "published": ("gepubliceerd op", "published on"),
    "retrieved": ("geraadpleegd op", "retrieved on"),
    "read": ("gelezen", "read"),
    "checked_on": ("gecontroleerd op", "checked on"),
    "url": ("vindplaats", "link"),
    "link": ("vindplaats", "link"),
    "licence": ("licentie", "licence"),
    "place": ("plaats in de bron", "place in the source"),
    "by": ("opgesteld door", "by"),
    "calculation": ("berekening", "calculation"),
    "note": ("opmerking", "note"),
    "notes": ("opmerkingen", "notes"),
    "step": ("stap", "step"),
    "steps": ("van bron naar bedrag", "from source to amount"),
    "basis": ("grondslag", "basis"),
    "summary": ("samenvatting", "summary"),
    "provenance": ("verantwoording", "provenance"),
    "sheet": ("werkblad", "sheet"),
    "contents": ("inhoud", "contents"),
    # what is unknown
    "pm": ("PM", "PM"),
    "unknown": ("onbekend", "unknown"),
    "infinite": ("oneindig", "infinite"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
}

_STATUSES: dict[str, Pair] = {
    "enacted": ("vastgesteld", "enacted"),
    "proposed": ("voorgesteld", "proposed"),
    "actual": ("gerealiseerd", "actual"),
    "published": ("gepubliceerd", "published"),
    "estimated": ("geraamd", "estimated"),
    "derived": ("afgeleid", "derived"),
    "illustrative": (ILLUSTRATIVE, f"{ILLUSTRATIVE} (fictitious example)"),
}

# each is the bill after minus the bill before, so a cause that lowers the bill is negative
_CAUSES: dict[str, Pair] = {
    "mergers": ("herindelingen", "mergers"),
    "inhabitants": ("inwoners", "inhabitants"),
    "own_growth": ("eigen groei van inwoners", "own growth of inhabitants"),
    "national_growth": ("landelijke groei van inwoners", "national growth of inhabitants"),
    "index": ("indexering", "index"),
    "activities_ended": ("beëindigde activiteiten", "activities ended"),
    "activities_new": ("nieuwe activiteiten", "new activities"),
    "correction": ("correctie van het totaal", "correction of the total"),
    "growth_to_cost_cover": ("ingroei naar kostendekking", "growth to cost cover"),
    "merger_correction": ("correctie voor herindelingen", "merger correction"),
    "key": ("verdeelsleutel", "key"),
    "tariff": ("tarief", "tariff"),
    "settlement": ("afrekening van een eerder jaar", "settlement of an earlier year"),
    "rest": ("overig", "other"),
}

_SIZE_CLASSES: dict[str, Pair] = {
    "1": ("1 (minder dan 5.000)", "1 (under 5,000)"),
    "2": ("2 (5.000 tot 10.000)", "2 (5,000 to 10,000)"),
    "3": ("3 (10.000 tot 20.000)", "3 (10,000 to 20,000)"),
    "4": ("4 (20.000 tot 50.000)", "4 (20,000 to 50,000)"),
    "5": ("5 (50.000 tot 100.000)", "5 (50,000 to 100,000)"),
    "6": ("6 (100.000 tot 150.000)", "6 (100,000 to 150,000)"),
    "7": ("7 (150.000 tot 250.000)", "7 (150,000 to 250,000)"),
    "8": ("8 (250.000 en meer)", "8 (250,000 and over)"),
}

_UNITS: dict[str, Pair] = {
    "EUR": ("€", "€"),
    "EUR/inhabitant": ("€ per inwoner", "€ per inhabitant"),
    "EUR/unit": ("€ per eenheid", "€ per unit"),
    "EUR/hour": ("€ per uur", "€ per hour"),
    "share": ("aandeel", "share"),
    "inhabitants": ("inwoners", "inhabitants"),
    "count": ("aantal", "count"),
    "hours": ("uur", "hours"),
    "months": ("maanden", "months"),
    "date": ("datum", "date"),
    "text": ("tekst", "text"),
}

_READ: dict[str, Pair] = {
    "whole": ("geheel", "whole"),
    "in part": ("gedeeltelijk", "in part"),
    "not seen": ("niet gezien", "not seen"),
}

_POLICIES: dict[str, Pair] = {
    "carry_forward": ("doorschuiven naar volgend jaar", "carry forward"),
    "refund": ("teruggave aan gemeenten", "refund"),
    "earmark": ("bestemmen", "earmark"),
    "reserve": ("toevoegen aan de reserve", "add to the reserve"),
}

_VAT: dict[str, Pair] = {
    "incl": ("inclusief btw", "including VAT"),
    "excl": ("exclusief btw", "excluding VAT"),
    "none": ("geen btw", "no VAT"),
    "unknown": ("btw onbekend", "VAT unknown"),
}

_RULES: dict[str, Pair] = {
    "proportional": ("naar rato", "proportional"),
    "equal": ("gelijk", "equal"),
    "cea": ("gelijke toekenning, hooguit de aanspraak", "constrained equal awards"),
    "cel": ("gelijk verlies, hooguit de aanspraak", "constrained equal losses"),
    "talmud": ("Talmoed-regel", "Talmud rule"),
    "random_arrival": ("willekeurige volgorde van aankomst", "random arrival"),
    "marginal": ("schijventarief", "marginal brackets"),
    "whole_class": ("klassentarief", "whole-class rates"),
    "rate": ("vast bedrag per eenheid", "fixed rate"),
}

_PARTS: dict[str, Pair] = {
    "structural": ("structurele activiteiten", "structural activities"),
    "long_running": ("langlopende programma's", "long-running programmes"),
    "project": ("projectmatige activiteiten", "projects"),
}

_PRICE_LEVELS: dict[str, Pair] = {
    "current": ("lopende prijzen", "current prices"),
}

VOCABULARIES: dict[str, dict[str, Pair]] = {
    "column": _CAUSES | _COLUMNS,
    "status": _STATUSES,
    "cause": _CAUSES,
    "size_class": _SIZE_CLASSES,
    "unit": _UNITS,
    "vat": _VAT,
    "read": _READ,
    "part": _PARTS,
    "policy": _POLICIES,
    "metric": _COLUMNS,
    "rule": _RULES,
    "method": _RULES,
}
"""Vocabulary to its words: name to (Dutch, English). A column named after one holds its names as values."""

SIGNED = frozenset({"change", "effect", "effect_per_inhabitant", "redistribution", "settlement", "volume_effect"})
"""Columns in which plus and minus are both news: a plus is printed."""


def checked_language(lang: str) -> int:
    """Return the place of `lang` in a pair of words, or raise naming the languages there are."""
    if lang not in LANGUAGES:
        raise UnknownNameError("language", str(lang), LANGUAGES)
    return LANGUAGES.index(lang)


def label(name: object, lang: str = "nl", *, of: str = "column") -> str:
    """Return the word for a code name.

    Parameters
    ----------
    name
        A column name, status, cause, size class (1 to 8), unit or VAT state.
    lang
        ``nl`` or ``en``.
    of
        The vocabulary: `actual` is "realisatie" as a column and "gerealiseerd" as a status.

    Returns
    -------
    str
        The word; with its letter or year where the name ends in one (`effect_b`, `contributions_2024`); for a name that
        is not in the vocabulary the name itself, underscores as spaces.

    Raises
    ------
    UnknownNameError
        A language or vocabulary that does not exist.

    Examples
    --------
    >>> label("recoverable_vat"), label("recoverable_vat", "en")
    ('compensabele btw', 'recoverable VAT')
    >>> label("actual"), label("actual", of="status"), label(4, of="size_class")
    ('realisatie', 'gerealiseerd', '4 (20.000 tot 50.000)')
    >>> label("own_reserve"), label("contributions_2024"), label("effect_b")
    ('own reserve', 'bijdragen 2024', 'meer (+) / minder (-) bijdrage B')
    """
    place = checked_language(lang)
    if of not in VOCABULARIES:
        raise UnknownNameError("vocabulary", of, VOCABULARIES)
    words = VOCABULARIES[of].get(str(name))
    if words:
        return words[place]
    base, suffix = stem(name)
    if base in VOCABULARIES[of]:
        return f"{VOCABULARIES[of][base][place]} {suffix.upper()}"
    return str(name).replace("_", " ")


def stem(name: object) -> tuple[str, str]:
    """Split a name such as `effect_b` or `contributions_2024` into what it is and which it is.

    Examples
    --------
    >>> stem("effect_b"), stem("total 2024"), stem("net")
    (('effect', 'b'), ('total', '2024'), ('net', ''))
    """
    parts = re.fullmatch(r"(.+)[_ ]([a-z]|\d{4})", str(name))
    return (parts[1], parts[2]) if parts else (str(name), "")


def banner(lang: str = "nl") -> str:
    """Return the line that marks every output with illustrative values.

    Examples
    --------
    >>> banner(), banner("en")
    ('FICTIEF VOORBEELD', 'FICTIEF VOORBEELD (fictitious example)')
    """
    return label("illustrative", lang, of="status")
