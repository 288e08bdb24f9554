"""How the figures were computed, for who checks them; it stands with the provenance, apart from what all must know."""

from ggu_costs.impact.result import ImpactResult
from ggu_costs.words.messages import message


def notes_for_all(result: ImpactResult) -> tuple[str, ...]:
    """Return the notes that every reader must know, with what the words mean."""
    return (*result.notes, message("terms_of_impact"))


def technique_of(result: ImpactResult) -> tuple[str, ...]:
    """Return draws, method and seed, and how the figures were made."""
    settings = result.runner.settings
    key = "simulated" if settings.method == "random" else "simulated_in_replicates"
    made = message(
        key, draws=settings.draws, method=settings.method, seed=settings.seed, replicates=settings.replicates
    )
    return (made, *dict.fromkeys(result.technique))
