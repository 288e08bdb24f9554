"""The words of pages and plots themselves: headings, buttons, what is said about maps and charts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ggu_costs.words.label import checked_language, label

__all__ = ["capital", "lettered", "named", "phrase", "phrases"]

_LETTERED = re.compile(r"^((?:\w+ )*)([a-c])(?=: |$)")  # the letter of a column, alone or before what it stands for

_PHRASES: Mapping[str, tuple[str, str]] = {
    "skip": ("Naar de inhoud", "To the content"),
    "search": ("Zoek een gemeente", "Find a municipality"),
    "search_hint": ("naam of code, zoals Veenendaal of GM0345", "name or code, such as Veenendaal or GM0345"),
    "found": ("{n} gevonden", "{n} found"),
    "none_found": ("Geen gemeente gevonden", "No municipality found"),
    "close": ("Sluiten", "Close"),
    "link": ("Koppeling naar deze gemeente", "Link to this municipality"),
    "place": ("{rank}e van {n}, van veel naar weinig", "number {rank} of {n}, from much to little"),
    "neighbours": ("Gemeenten van vergelijkbare omvang", "Municipalities of similar size"),
    "became": (
        "Op deze kaart is {name} één gemeente; de tabel telt daarvoor:",
        "On this map {name} is one municipality; the table has for it:",
    ),
    "not_here": (
        "{code} staat niet in dit overzicht. Kies een gemeente uit de lijst.",
        "{code} is not in this overview. Choose a municipality from the list.",
    ),
    "contents": ("Inhoud", "Contents"),
    "in_short": ("In het kort", "In short"),
    "what_to_know": ("Wat u moet weten", "What you need to know"),
    "map": ("Kaart", "Map"),
    "map_shows": ("De kaart toont", "The map shows"),
    "map_label": (
        "Kaart met één vlak per gemeente. Dezelfde cijfers staan in de tabel per gemeente.",
        "Map with one area for each municipality. The same figures are in the table by municipality.",
    ),
    "map_hint": (
        "Wijs een vlak aan voor het cijfer, klik voor de gemeente. Elke gemeente is één tegel, zo goed mogelijk op "
        "haar plaats.",
        "Point at an area for its figure, click for the municipality. Each municipality is one tile, as near to its "
        "place as can be.",
    ),
    "boundaries_hint": (
        "Wijs een gemeente aan voor het cijfer, klik voor de gemeente.",
        "Point at a municipality for its figure, click for the municipality.",
    ),
    "carried": (
        "De kaart toont de gemeenten van {day}: bedragen van gemeenten die zijn samengegaan zijn opgeteld, die van "
        "gesplitste gemeenten naar inwoners verdeeld. Tabellen en zoeken houden de gemeenten van het jaar zelf.",
        "The map shows the municipalities of {day}: amounts of merged municipalities are added up, those of split ones "
        "divided by inhabitants. Tables and search keep the municipalities of the year itself.",
    ),
    "some_take_part": ("Gemeenten zonder kleur nemen niet deel.", "Municipalities without colour take no part."),
    "to": ("tot", "to"),
    "and_more": ("en meer", "and more"),
    "charts": ("Grafieken", "Charts"),
    "as_table": ("Deze grafiek als tabel", "This chart as a table"),
    "distribution": ("Verdeling over gemeenten: {what}", "Distribution over municipalities: {what}"),
    "ordered": ("Gemeenten op volgorde: {what}", "Municipalities in order: {what}"),
    "per_group": ("{what} per {group}", "{what} by {group}"),
    "share_of_municipalities": ("deel van de gemeenten", "share of municipalities"),
    "by": ("per", "by"),
    "groups": ("Groepen", "Groups"),
    "per_municipality": ("Per gemeente", "By municipality"),
    "more_tables": ("Meer tabellen", "More tables"),
    "sort_hint": ("Klik op een kop om te sorteren.", "Click a heading to sort."),
    "memoranda": ("PM en niet toebedeeld", "Memorandum items and unallocated"),
    "memoranda_text": (
        "Deze bedragen zijn nog niet bekend of niet uitgesplitst. Ze tellen in geen totaal als nul mee: PM is "
        "onbekend, niet nul.",
        "These amounts are not known yet or not broken down. None counts as zero in a total: PM is unknown, not nil.",
    ),
    "no_memoranda": ("Geen PM-posten.", "No memorandum items."),
    "values": ("Waarden en aannames", "Values and assumptions"),
    "sources": ("Bronnen", "Sources"),
    "used_as": ("status van de waarden hieruit", "status of the values from it"),
    "provenance": ("Verantwoording", "Provenance"),
    "provenance_text": (
        "Waarmee dit is berekend: wie dezelfde bestanden neemt krijgt dezelfde bedragen.",
        "What this was computed with: whoever takes the same files gets the same amounts.",
    ),
    "illustrative_text": (
        "Dit overzicht bevat verzonnen waarden en is alleen bedoeld als voorbeeld.",
        "This overview has made-up values and is meant as an example only.",
    ),
    "no_script": (
        "Zoeken, sorteren en grafieken vragen JavaScript; alle cijfers staan ook in de tabellen hieronder.",
        "Searching, sorting and charts need JavaScript; all figures are in the tables below as well.",
    ),
    "live": ("Berekening met formules", "Computed with formulas"),
    "live_total": ("Te verdelen (€): verander dit bedrag", "To share (€): change this amount"),
    "live_cents": ("Te verdelen in centen", "To share in cents"),
    "live_weights": ("Som van de maatstaf", "Sum of the driver"),
    "live_share": ("Hele centen per eenheid", "Whole cents a unit"),
    "live_left": ("Overige centen, naar rato", "Other cents, pro rata"),
    "live_extra": ("Centen voor de grootste resten", "Cents for the largest rests"),
    "live_check": ("Verschil met het resultaat", "Difference from the result"),
    "live_floor": ("hele centen", "whole cents"),
    "live_rest": ("rest", "rest"),
    "live_rank": ("plaats van de rest", "place of the rest"),
    "live_amount": ("berekend (€)", "computed (€)"),
    "live_result": ("in het resultaat (€)", "in the result (€)"),
    "live_bracket": ("schijf", "bracket"),
    "live_from": ("vanaf (inwoners)", "from (inhabitants)"),
    "live_until": ("tot (inwoners)", "to (inhabitants)"),
    "live_rate": ("tarief (€ per inwoner): verander dit", "rate (€ per inhabitant): change this"),
    "live_within": ("inwoners in schijf {place}", "inhabitants in bracket {place}"),
    "live_fee_note": (
        "Elke inwoner betaalt het tarief van de schijf waarin hij valt; de som wordt op hele centen afgerond. Alle "
        "cellen zijn formules, behalve grenzen, tarieven, inwoners en het resultaat.",
        "Each inhabitant pays the rate of the bracket he falls in; the sum is rounded to the cent. All cells are "
        "formulas, except bounds, rates, inhabitants and the result.",
    ),
    "live_class_note": (
        "Alle inwoners betalen het tarief van de klasse waarin de gemeente valt; het bedrag wordt op hele centen "
        "afgerond. Alle cellen zijn formules, behalve grenzen, tarieven, inwoners en het resultaat.",
        "All inhabitants pay the rate of the class that the municipality falls in; the amount is rounded to the cent. "
        "All cells are formulas, except bounds, rates, inhabitants and the result.",
    ),
    "live_note": (
        "Grootste resten: ieder krijgt de hele centen van zijn aandeel; de centen die overblijven gaan naar de "
        "grootste resten, bij gelijke resten naar wie het eerst in de lijst staat. Alle cellen zijn formules, behalve "
        "het te verdelen bedrag, de maatstaf en het resultaat.",
        "Largest rests: everyone gets the whole cents of the own share; the cents that are left go to the largest "
        "rests, at equal rests to whoever comes first in the list. All cells are formulas, except the amount to share, "
        "the driver and the result.",
    ),
    "made_by": ("Gemaakt met ggu_costs {version}", "Made with ggu_costs {version}"),
    "indicative": (
        "Indicatief: niet terug te rekenen uit landelijke raming",
        "Indicative: cannot be derived from a national estimate",
    ),
    "year": ("Jaar", "Year"),
    "steps": ("Van bron naar bedrag", "From source to amount"),
    "errors_elsewhere": (
        "Simulatiefouten staan in het werkboek en de CSV-bestanden.",
        "Simulation errors are in the workbook and the CSV files.",
    ),
    "cut": ("voluit in het werkboek", "in full in the workbook"),
    "in_dutch": (
        "",
        "Titles, notes, sources and steps come from a Dutch model file and are shown in Dutch.",
    ),
    "place_by_size": ("Plaats naar inwoners", "Place by inhabitants"),
    "place_by_rate": ("Plaats naar bedrag per inwoner", "Place by amount per inhabitant"),
    "rank": ("{rank}e van {n}", "number {rank} of {n}"),
    "rate_of_class": ("Per inwoner, hele grootteklasse", "Per inhabitant, whole size class"),
    "overlapping": (
        "Deze groepen overlappen: een totaal zou gemeenten dubbel tellen en staat er daarom niet.",
        "These groups overlap: a total would count municipalities twice, so there is none.",
    ),
    "left_out": (
        "Gemeenten zonder groep: {n}. Ze tellen in deze tabel niet mee.",
        "Municipalities without a group: {n}. They are not in this table.",
    ),
    "millions": ("€ mln", "€ million"),
    "plot_more": ("betaalt meer", "pays more"),
    "plot_less": ("betaalt minder", "pays less"),
    "plot_same": ("betaalt evenveel", "pays the same"),
    "plot_log": ("inwoners (logaritmische schaal)", "inhabitants (logarithmic scale)"),
    "plot_phi": ("Deel van het voordeel dat wordt uitgekeerd", "Share of the gain that is paid out"),
    "plot_moved": ("Verschoven bedrag", "Amount moved"),
    "plot_saves": ("bespaart {amount}{part}", "saves {amount}{part}"),
    "plot_costs": ("kost {amount} meer{part}", "costs {amount} more{part}"),
    "plot_s_curve": ("S-curve", "S-curve"),
    "plot_middle": ("alle drijvers op hun mediaan", "all drivers at their median"),
    "plot_tornado": ("Tornado: P10 en P90", "Tornado: P10 and P90"),
    "plot_intervals": ("Per inwoner, P5 tot P95", "Per inhabitant, P5 to P95"),
    "plot_intervals_indicative": (
        "Per inwoner, P5 tot P95 (indicatief)",
        "Per inhabitant, P5 to P95 (indicative)",
    ),
    "plot_per_inhabitant": ("Per inwoner", "Per inhabitant"),
    "plot_fan": ("Per jaar, P5 tot P95", "Per year, P5 to P95"),
    "plot_convergence": ("Convergentie", "Convergence"),
    "rows_left_out": ("… {n} regels niet getoond …", "… {n} rows not shown …"),
    "without_pm": ("exclusief PM ({n} keer nog onbekend).", "excluding memorandum items ({n} not yet known)."),
}


def phrase(name: str, lang: str = "nl") -> str:
    """Return one phrase.

    Examples
    --------
    >>> phrase("map"), phrase("map", "en")
    ('Kaart', 'Map')
    """
    return _PHRASES[name][checked_language(lang)]


def phrases(lang: str) -> dict[str, str]:
    """Return all phrases by name, for a template."""
    place = checked_language(lang)
    return {name: pair[place] for name, pair in _PHRASES.items()}


def named(name: object, lang: str = "nl") -> str:
    """Return what a line of a summary is called: a phrase of this page, or the word for a code name.

    Examples
    --------
    >>> named("place_by_size"), named("recoverable_vat")
    ('Plaats naar inwoners', 'compensabele btw')
    """
    return phrase(str(name), lang) if name in _PHRASES else label(name, lang)


def capital(words: str) -> str:
    """Return words with a capital in front.

    Examples
    --------
    >>> capital("per inwoner")
    'Per inwoner'
    """
    return words[:1].upper() + words[1:]


def lettered(text: str) -> str:
    """Return text with the letter that a column is called by as that column has it.

    Examples
    --------
    >>> lettered("a: Fonds GGU 2020: bijdrage"), lettered("totaal b: Fonds GGU 2020: bijdrage"), lettered("a priori")
    ('A: Fonds GGU 2020: bijdrage', 'totaal B: Fonds GGU 2020: bijdrage', 'a priori')
    """
    return _LETTERED.sub(lambda letter: letter[1] + letter[2].upper(), text)
