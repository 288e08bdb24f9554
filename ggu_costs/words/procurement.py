"""Words of joint procurement: cases, splits, stability, settlement by use."""

from __future__ import annotations

__all__ = ["WORDS"]

_RULES = {
    "inhabitants": ("naar inwoners", "by inhabitants"),
    "equal": ("gelijke delen", "equal parts"),
    "volume": ("naar afname", "by use"),
    "fixed_plus_volume": ("vast deel plus afname", "fixed part plus use"),
    "stand_alone": ("naar kosten ieder voor zich", "by stand-alone cost"),
    "average": ("gemiddelde kosten", "average cost"),
    "serial": ("serieel", "serial"),
    "decreasing_serial": ("aflopend serieel", "decreasing serial"),
    "scrb": ("SCRB", "SCRB"),
    "shapley": ("Shapley-waarde", "Shapley value"),
    "owen": ("Owen-waarde", "Owen value"),
    "nucleolus": ("nucleolus", "nucleolus"),
}
_LINES = {
    # the outcome of a business case
    "participants": ("deelnemers", "participants"),
    "of_whom_municipalities": ("waarvan gemeenten", "of whom municipalities"),
    "duration": ("looptijd in jaren", "duration in years"),
    "joint_cost": ("gezamenlijke kosten", "joint cost"),
    "alone_cost": ("kosten ieder voor zich", "cost of each for itself"),
    "own_cost_unknown": ("waarvan PM: deelnemers", "of whom unknown: participants"),
    "joint_cost_compared": ("gezamenlijke kosten, zonder deelnemers die PM zijn", "joint cost, without those unknown"),
    "saving": ("besparing", "saving"),
    "saving_per_year": ("besparing per jaar", "saving a year"),
    "saving_of_municipalities_per_inhabitant": (
        "besparing van gemeenten per inwoner", "saving of municipalities per inhabitant",
    ),
    "break_even_largest_first": (
        "omslagpunt: deelnemers, grootste eerst", "break-even: participants, largest first",
    ),
    "break_even_smallest_first": (
        "omslagpunt: deelnemers, kleinste eerst", "break-even: participants, smallest first",
    ),
    "hours_saved": ("uren bespaard", "hours saved"),
    "months_saved": ("maanden werk bespaard", "months of work saved"),
    "value_of_hours": ("waarde van de uren", "value of the hours"),
    "hire_saved": ("externe inhuur bespaard", "external hire saved"),
    "share_of_participant": ("aandeel van deze deelnemer", "share of this participant"),
    # the years of a take-up together
    "joint_along_curve": ("gezamenlijke kosten, jaren van de deelnamecurve samen", "joint cost, years of take-up"),
    "alone_along_curve": (
        "kosten ieder voor zich, jaren van de deelnamecurve samen", "each for itself, years of take-up",
    ),
    "saving_along_curve": ("besparing, jaren van de deelnamecurve samen", "saving, years of take-up"),
    "saving_at_least_along_curve": (
        "besparing, jaren van de deelnamecurve samen, ten minste", "saving, years of take-up, at least",
    ),
    # joining and leaving
    "added": ("voegt toe aan de gezamenlijke kosten", "adds to the joint cost"),
    "share_by_rule": ("aandeel volgens de verdeelregel", "share by the rule"),
    "others_pay": ("anderen samen meer (+) / minder (-)", "the others together more (+) / less (-)"),
    "due_on_entry": (
        "ten minste te betalen, zodat de anderen er niet op achteruitgaan",
        "to pay at least, so that the others are no worse off",
    ),
    "due_on_exit": (
        "te betalen bij uittreden, zodat de anderen er niet op achteruitgaan",
        "to pay on leaving, so that the others are no worse off",
    ),
}  # fmt: skip

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "stand_alone_test": {
        "split_broken": (
            "alleen-toets: deze groep zou op eigen kracht EUR {} minder betalen ({}: {})",
            "stand-alone test: this group would pay EUR {} less on its own ({}: {})",
        ),
        "split_kept": (
            "alleen-toets: geen groep die te toetsen is zou op eigen kracht minder betalen",
            "stand-alone test: no group that could be tested would pay less on its own",
        ),
        "untested": ("; onbekend (PM) voor {}", "; unknown (PM) for {}"),
        "untested_regions": ("; als regio onbekend (PM) voor {}", "; as a region unknown (PM) for {}"),
        "untested_pools": ("; exclusief PM: {}", "; excluding PM: {}"),
        "cost_broken": (
            "alleen-toets: {} zou op eigen kracht EUR {} minder betalen",
            "stand-alone test: {} would pay EUR {} less on its own",
        ),
        "profit_broken": (
            "alleen-toets: {} zou op eigen kracht EUR {} meer overhouden",
            "stand-alone test: {} would gain EUR {} more on its own",
        ),
        "cost_kept": (
            "stabiel: geen groep zou op eigen kracht minder betalen",
            "stable: no group would pay less on its own",
        ),
        "profit_kept": (
            "stabiel: geen groep zou op eigen kracht meer overhouden",
            "stable: no group would gain more on its own",
        ),
        "closest": ("; het scheelt het minst voor {} (EUR {} beter af)", "; closest is {} (EUR {} better in)"),
    },
    "column": {
        "alone": ("ieder voor zich", "each for itself"),
        "joint": ("gezamenlijk", "together"),
        "saving_at_least": ("besparing, ten minste", "saving, at least"),
        "saving_per_inhabitant": ("besparing per inwoner", "saving per inhabitant"),
        **_LINES,
        **{f"share_{rule}": words for rule, words in _RULES.items()},
        **{
            f"per_inhabitant_{rule}": (f"{nl}, per inwoner", f"{en}, per inhabitant")
            for rule, (nl, en) in _RULES.items()
        },
        "line": ("post", "item"),
        "joint_compared": ("gezamenlijk, zonder deelnemers die PM zijn", "together, without those unknown"),
        "alone_unknown": ("waarvan PM", "of whom unknown"),
        "business_case": ("businesscase", "business case"),
        "claims": ("geclaimde besparingen", "claimed savings"),
        "take_up": ("deelname per jaar", "take-up per year"),
        "whole_duration": ("hele looptijd, per deelnamejaar", "whole duration, by take-up"),
        "participation_of": ("deelnemers van", "participants of"),
        "joining": ("nieuwe deelnemers", "joining"),
        # from how many participants on it pays
        "break_even": ("omslagpunt", "break-even"),
        "joint_largest_first": ("gezamenlijk, grootste eerst", "together, largest first"),
        "alone_largest_first": ("ieder voor zich, grootste eerst", "each for itself, largest first"),
        "joint_smallest_first": ("gezamenlijk, kleinste eerst", "together, smallest first"),
        "alone_smallest_first": ("ieder voor zich, kleinste eerst", "each for itself, smallest first"),
        # splits, by rule
        "rules": ("verdeelregels naast elkaar", "rules side by side"),
        "rules_per_inhabitant": ("verdeelregels, per inwoner", "rules, per inhabitant"),
        "words": ("regel in woorden", "rule in words"),
        "reason": ("reden", "reason"),
        "fixed_plus_volume": ("vast deel plus afname", "fixed part plus use"),
        "stand_alone": ("naar kosten ieder voor zich", "by stand-alone cost"),
        "average": ("gemiddelde kosten", "average cost"),
        "serial": ("serieel", "serial"),
        "decreasing_serial": ("aflopend serieel", "decreasing serial"),
        "scrb": ("SCRB", "SCRB"),
        "shapley": ("Shapley", "Shapley"),
        "owen": ("Owen", "Owen"),
        "nucleolus": ("nucleolus", "nucleolus"),
        "pass_through": ("doorbelasting", "recharge"),
        "own_share": ("eigen aandeel", "own share"),
        "passed_on": ("doorbelast", "passed on"),
        # who would be better off elsewhere
        "stability": ("stabiliteit", "stability"),
        "stable": ("stabiel", "stable"),
        "exists": ("bestaat", "exists"),
        "complaint": ("grootste klacht", "largest complaint"),
        "test": ("toets", "test"),
        "group_size": ("omvang van de groep", "size of the group"),
        "individually_rational": ("niemand duurder uit", "nobody worse off"),
        "outcome": ("uitkomst", "outcome"),
        "exit": ("uittreden", "leaving"),
        "entry": ("toetreden", "joining"),
        # the price ratchet within a supplier
        "ratchet": ("kliksysteem", "price ratchet"),
        "ratchet_by_supplier": ("kliksysteem per leverancier", "price ratchet per supplier"),
        "supplier": ("leverancier", "supplier"),
        "lowest": ("laagste", "lowest"),
        "highest": ("hoogste", "highest"),
        "price_before": ("prijs voor", "price before"),
        "price_after": ("prijs na", "price after"),
        "cost_before": ("kosten voor", "cost before"),
        "cost_after": ("kosten na", "cost after"),
        # games
        "player": ("deelnemer", "participant"),
        "pool": ("kostenpot", "cost pool"),
    },
    "rule": _RULES,
    "line": _LINES,
    "value": {"nooit": ("nooit", "never")},
    "individually_rational": {"yes": ("ja", "yes"), "no": ("nee", "no"), "unknown": ("onbekend", "unknown")},
    "outcome": {
        "none_better_off": (
            "geen groep die te toetsen is is alleen beter af",
            "no group that could be tested is better off alone",
        ),
        "group_better_off": ("deze groep zou op eigen kracht minder betalen", "this group would pay less on its own"),
        "does_not_exist": ("bestaat hier niet", "does not exist here"),
    },
    "test": {
        "joint": ("alleen met de gezamenlijke kosten", "with the joint cost of the group"),
        "alternative": ("ieder voor zich", "each for itself"),
    },
    "kind": {
        "municipality": ("gemeente", "municipality"),
        "joint_arrangement": ("gemeenschappelijke regeling", "joint arrangement"),
        "shared_service_centre": ("gedeeld servicecentrum", "shared service centre"),
        "other": ("overig", "other"),
    },
}
