"""Words of joint procurement: cases, splits, stability, settlement by use."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "column": {
        "alone": ("ieder voor zich", "each for itself"),
        "joint": ("gezamenlijk", "together"),
        "saving": ("besparing", "saving"),
        "saving_per_inhabitant": ("besparing per inwoner", "saving per inhabitant"),
        "line": ("post", "item"),
        "business_case": ("businesscase", "business case"),
        "claims": ("geclaimde besparingen", "claimed savings"),
        "take_up": ("deelname per jaar", "take-up per year"),
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
    "rule": {
        "inhabitants": ("naar inwoners", "by inhabitants"),
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
