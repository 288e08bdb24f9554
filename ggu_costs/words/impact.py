"""Words of the impact analysis: distributions, their simulation errors, compensation, sensitivity."""

from __future__ import annotations

__all__ = ["WORDS"]

_QUANTITIES: dict[str, tuple[str, str]] = {
    "net": ("netto", "net"),
    "gross": ("kosten min baten", "costs minus benefits"),
    "cost": ("kosten", "cost"),
    "benefit": ("baten", "benefit"),
    "compensation": ("vergoeding", "compensation"),
    "one_off": ("eenmalig, voor vergoeding", "one-off, before compensation"),
    "structural": ("structureel per jaar, voor vergoeding", "structural per year, before compensation"),
    "one_off_net": ("eenmalig, na vergoeding", "one-off, after compensation"),
    "structural_net": ("structureel per jaar, na vergoeding", "structural per year, after compensation"),
    "one_off_compensation": ("vergoeding, eenmalig", "compensation, one-off"),
    "structural_compensation": ("vergoeding, structureel per jaar", "compensation, structural per year"),
    "one_off_cost": ("lasten, incidenteel", "costs, one-off"),
    "structural_cost": ("lasten, structureel", "costs, structural"),
    "one_off_income": ("baten, incidenteel", "income, one-off"),
    "structural_income": ("baten, structureel", "income, structural"),
    "balance": ("saldo", "balance"),
    "year": ("netto in", "net in"),
    "line": ("post", "line"),
}

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "column": {
        # distributions
        "quantity": ("wat", "quantity"),
        "mean": ("gemiddeld", "mean"),
        "sd": ("standaardafwijking", "standard deviation"),
        "p5": ("P5", "P5"),
        "p10": ("P10", "P10"),
        "p25": ("P25", "P25"),
        "p50": ("P50", "P50"),
        "p75": ("P75", "P75"),
        "p90": ("P90", "P90"),
        "p95": ("P95", "P95"),
        "probability": ("kans", "probability"),
        "probability_of_loss": ("kans op nadeel", "probability of a loss"),
        "probability_of_loss_one_off_net": ("kans op nadeel, eenmalig", "probability of a loss, one-off"),
        "probability_of_loss_structural_net": (
            "kans op nadeel, structureel per jaar",
            "probability of a loss, structural per year",
        ),
        "probability_of_loss_net": ("kans op nadeel, alle jaren opgeteld", "probability of a loss, all years added up"),
        "discounted": ("contant gemaakt", "discounted"),
        "municipal_share": ("deel van gemeenten", "share of municipalities"),
        "expected_shortfall": ("gemiddelde van de 5% hoogste", "mean of the 5% highest"),
        "draws": ("trekkingen", "draws"),
        # tables
        "national": ("landelijk", "national"),
        "by_line": ("per kostenpost", "per line"),
        "by_year": ("per jaar", "per year"),
        "published_ranges": ("gepubliceerde bandbreedtes", "published ranges"),
        "winners_and_losers": ("wie meer en wie minder betaalt", "who pays more and less"),
        "sensitivity": ("wat de spreiding maakt", "what makes the spread"),
        "convergence": ("convergentie", "convergence"),
        # lines
        "nature": ("eenmalig of structureel", "one-off or structural"),
        "cost": ("kosten", "cost"),
        "benefit": ("baten", "benefit"),
        "compensation": ("vergoeding", "compensation"),
        # compensation
        "adequacy": ("toereikendheid", "adequacy"),
        "cover": ("dekking", "cover"),
        "shortfall": ("tekort", "shortfall"),
        "probability_short": ("kans op een tekort", "probability of a shortfall"),
        "municipalities_short": ("deel van de gemeenten met een tekort", "share of municipalities with a shortfall"),
        # who pays more
        "share_of": ("aandeel van de", "share of the"),
        "pay_more": ("betaalt meer", "pays more"),
        "pay_less": ("betaalt minder", "pays less"),
        "likely_more": ("betaalt waarschijnlijk meer", "likely to pay more"),
        "likely_less": ("betaalt waarschijnlijk minder", "likely to pay less"),
        # published ranges
        "low": ("laag", "low"),
        "high": ("hoog", "high"),
        "reading": ("gelezen als", "read as"),
        "sign": ("teken in de bron", "sign in the source"),
        "shape": ("vorm", "shape"),
        "second_shape": ("tweede vorm", "second shape"),
        "shape_by": ("vorm aangenomen door", "shape assumed by"),
        # sensitivity
        "driver": ("drijver", "driver"),
        "swing": ("uitslag", "swing"),
        "rank_correlation": ("rangcorrelatie", "rank correlation"),
        "first": ("Sobol, eerste orde", "Sobol, first order"),
    },
    "quantity": _QUANTITIES,
    "kind": {name: _QUANTITIES[name] for name in ("cost", "benefit", "compensation")},
    "nature": {
        "one_off": ("eenmalig", "one-off"),
        "structural": ("structureel", "structural"),
    },
    "reading": {
        "min_max": ("minimum en maximum", "minimum and maximum"),
        "p10_p90": ("P10 en P90", "P10 and P90"),
        "point": ("één bedrag", "one amount"),
        "at_least": ("ten minste", "at least"),
        "at_most": ("ten hoogste", "at most"),
    },
    "discounted": {"yes": ("ja", "yes"), "no": ("nee", "no")},
    "share_of": {
        "municipalities": ("gemeenten", "municipalities"),
        "inhabitants": ("inwoners", "inhabitants"),
    },
}
