"""Why a rule does not exist for a case, in Dutch: the cause at hand, with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import GguCostsError, InfeasibleError
from ggu_costs.money import exact_sum
from ggu_costs.procurement.words import in_words
from ggu_costs.words import numbers

if TYPE_CHECKING:
    from ggu_costs.procurement.setup import Setup
    from ggu_costs.procurement.words import RuleChoice

__all__ = ["why_not"]

_TABLE = 20  # participants, to which every game has a nucleolus that can be computed where it exists


def why_not(setup: Setup, rule: RuleChoice, error: GguCostsError) -> str:
    """Say why the split by a rule raised `error`."""
    if not isinstance(rule, str):
        return "een van de regels bestaat niet voor haar kostenpot"
    if rule == "inhabitants":
        return "geen deelnemer heeft inwoners"
    if rule == "stand_alone":
        return _stand_alone(setup)
    if rule == "scrb":
        return "er blijft geen voordeel te verdelen, terwijl niet alle kosten scheidbaar zijn"
    if rule == "owen":
        stated = setup.parties.definition.case.unions
        return (
            "er is een steekproef nodig, en geen startgetal opgegeven" if stated else "er zijn geen regio's opgegeven"
        )
    if rule == "nucleolus":
        return _nucleolus(setup, error)
    return "er zijn geen volumes" if setup.main_volume is None else "in een regio zijn de volumes voor iedereen 0"


def _stand_alone(setup: Setup) -> str:
    if setup.alone is None:
        return "er zijn geen kosten ieder voor zich opgegeven"
    names = [setup.parties.names[i] for i in np.flatnonzero(np.isnan(setup.alone))]
    return f"de kosten ieder voor zich zijn PM voor {in_words(names)}" if names else "de kosten ieder voor zich zijn 0"


def _nucleolus(setup: Setup, error: GguCostsError) -> str:
    if not isinstance(error, InfeasibleError):
        return f"bij meer dan {_TABLE} deelnemers alleen voor dalende staffels of een pot met niveaus te berekenen"
    alone = exact_sum(setup.game.alone)
    return (
        f"samen kost het {numbers.euro(setup.total)}, en ieder op eigen kracht dezelfde voorziening bij elkaar "
        f"{numbers.euro(alone)}: in elke verdeling betaalt iemand meer dan alleen, samen "
        f"{numbers.euro(setup.total - alone)}"
    )
