"""The questions of article 2 of the act on financial relations, and of the feasibility test, with their answers."""

from ggu_costs.display.report import Section
from ggu_costs.impact.answers.funding import NATURES, natures_of, unknown_natures
from ggu_costs.impact.answers.leading import after_compensation
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.telling import outside, tell, who
from ggu_costs.words.messages import Message, message, word


def article_two(result: ImpactResult) -> Section:
    """Answer the questions of article 2 from the figures, before compensation."""
    texts: list[tuple[str, str]] = []
    for nature in natures_of(result):
        answer = message("of_whom", who=who(result), what=tell(result, nature).about)
        texts.append((message(f"what_costs_{nature}"), answer))
    texts.append((message("how_paid"), _funding(result)))
    whom = "all_governments" if result.assembly.of_all_governments else "municipalities_together"
    texts.append((message(f"adequate_for_{whom}"), _adequacy(result)))
    left = outside(result)
    ours, quoted = ([text for text in left if isinstance(text, Message) is own] for own in (True, False))
    if ours or not quoted:
        answer = message("left_out_of_it", parts=ours) if ours else message("nothing_left")
        texts.append((message("what_left_out"), answer))
    if quoted:  # in the words of the file, whatever the language of the rest
        texts.append((message("what_the_file_leaves_out"), " ".join(quoted)))
    return Section(title=message("article_two"), texts=tuple(texts), tables=("national",))


def _funding(result: ImpactResult) -> str:
    """How it is paid for: each contribution of the State with its instrument."""
    lines = [role for role in result.lines() if role.kind == "compensation"]
    named = [message("paid_by", name=role.name, instrument=role.instrument) if role.instrument else role.name
             for role in lines]  # fmt: skip
    if named:
        return message("paid_with", names=named)
    return message("without_compensation_capital" if result.assembly.paid_in_full else "no_compensation")


def _adequacy(result: ImpactResult) -> str:
    """How probable it is that costs are higher than the compensation; nothing, where compensation is PM."""
    unknown = unknown_natures(result)
    if unknown:
        return message("no_judgement", natures=[word(nature, of="nature") for nature in unknown])
    if not after_compensation(result):
        return message("without_compensation_capital")
    chances = [
        message(f"chance_{nature}_net", chance=float(rows.probability(0.0)[0]))
        for nature in NATURES
        if nature in natures_of(result)
        for rows in [result.runner.nation(result.selection, f"{nature}_net")]
    ]
    return message("chances", chances=chances)


def feasibility(result: ImpactResult) -> Section:
    """Give the answers of the model file on whether decentral governments can carry it out; PM where there are none."""
    texts: list[tuple[str, str]] = []
    if result.definition is not None:
        for part in result.definition.udo:
            whose = result.definition.sources[part.source].title if part.source else part.by
            texts.append((part.question, f"{part.answer} ({whose})"))
    none = (message("can_they"), message("no_answers"))
    return Section(title=message("udo"), texts=tuple(texts) or (none,))
