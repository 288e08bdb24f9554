"""Words of where a figure comes from: sources, status, VAT, price level, the steps to an amount."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "column": {
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
    },
    "status": {
        "enacted": ("vastgesteld", "enacted"),
        "proposed": ("voorgesteld", "proposed"),
        "actual": ("gerealiseerd", "actual"),
        "published": ("gepubliceerd", "published"),
        "estimated": ("geraamd", "estimated"),
        "derived": ("afgeleid", "derived"),
        "illustrative": ("FICTIEF VOORBEELD", "FICTIEF VOORBEELD (fictitious example)"),
    },
    "vat": {
        "incl": ("inclusief btw", "including VAT"),
        "excl": ("exclusief btw", "excluding VAT"),
        "none": ("geen btw", "no VAT"),
        "unknown": ("btw onbekend", "VAT unknown"),
    },
    "read": {
        "whole": ("geheel", "whole"),
        "in part": ("gedeeltelijk", "in part"),
        "not seen": ("niet gezien", "not seen"),
    },
    "price_level": {
        "current": ("lopende prijzen", "current prices"),
        "unknown": ("prijspeil onbekend", "price level unknown"),
    },
}
