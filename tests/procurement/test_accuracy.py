"""What is sampled or laid on a lattice says so, and a rule that does not exist says why."""

from __future__ import annotations

import numpy as np
import pytest
from oracles.procurement import CODES, open_case, pm, tiers, value

from ggu_costs.errors import InfeasibleError, InputError
from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import VolumeTiers
from ggu_costs.games.result import Certificate
from ggu_costs.games.values import shapley
from ggu_costs.procurement.rules import RULES, Rule, why_not
from ggu_costs.procurement.shares import Shares
from ggu_costs.words.languages import vocabularies


def made(method, **more):
    return Shares(np.zeros(2), None, (method,), (Certificate(method, **more),))


def test_a_sample_tells_its_error_its_seed_and_whether_it_was_reached():
    bound = np.array([3.0, 7.5])
    shares = made("random orders in opposite pairs", bound=bound, samples=2048)
    (note,) = shares.accuracy_notes("owen", 7)
    assert "2.048 volgordes van toetreden (seed 7)" in note
    assert note.endswith("geen enkel aandeel er meer dan € 7,50 naast.")
    (note,) = made("random orders", bound=bound, samples=2048, reached=False).accuracy_notes("owen", 7)
    assert note.endswith("; de gewenste nauwkeurigheid is niet gehaald.")
    assert shares.method_words() == "steekproef van volgordes van toetreden"


def test_a_lattice_tells_its_error_up_to_the_cent():
    shares = made("exact per cost pool", lattice_error=0.154)
    (note,) = shares.accuracy_notes("shapley", None)
    assert note.endswith("naar schatting hooguit € 0,16 naast.")
    assert shares.method_words() == "per kostensoort, tot op € 0,16"
    assert made("exact per cost pool").accuracy_notes("shapley", None) == ()
    assert made("a new method").method_words() == "a new method"


def test_the_error_of_a_lattice_is_a_fact_of_the_certificate():
    """Volumes too fine for a lattice: the error in the note is that of the certificate; whole volumes have none."""
    volumes = np.sqrt(np.arange(2.0, 24.0)) * 1000
    prices = [(0, 2.0), (20_000, 1.5), (60_000, 0.7)]
    certificate = shapley(CostGame.from_pools([str(i) for i in range(22)], [VolumeTiers(volumes, prices)])).certificate
    (note,) = certificate.notes
    assert certificate.lattice_error > 0
    assert note.endswith(f"to {certificate.lattice_error:.2g} euro")
    whole = VolumeTiers(np.rint(volumes / 100), prices)
    assert shapley(CostGame.from_pools([str(i) for i in range(22)], [whole])).certificate.lattice_error == 0


def test_a_sampled_split_says_so_everywhere(case, monkeypatch):
    sampled = made("random orders in opposite pairs", bound=np.array([0.5]), samples=1024, reached=False)
    shares = Shares(np.full(5, 532.0), None, sampled.methods, sampled.certificates)
    monkeypatch.setattr("ggu_costs.procurement.model.shares_of", lambda *_: shares)
    split = case.split("owen")
    assert split.provenance["samples"] == 1024
    assert "seed" in split.provenance
    assert any("niet gehaald" in note for note in split.notes)
    assert "steekproef" in str(split.explain("GM0014"))
    assert any("niet gehaald" in note for note in case.compare_rules(["owen"]).notes)
    assert "samples" not in case.with_changes(participants=CODES[:2]).provenance()


def test_exact_splits_have_no_such_note(case):
    split = case.split({"project": "shapley", "join": "equal", "units": "owen"})
    assert "samples" not in split.provenance
    assert len(split.shares.certificates) == 2
    assert not any(note.startswith("Verdeling") for note in split.notes)


def test_mixtures_among_the_rules(tables):
    mixture = {"project": "equal", "join": "equal", "units": "volume"}
    tables["case"]["rule"] = mixture
    compared = open_case(tables).compare_rules()
    name = "Project: gelijke delen, Aansluiten: gelijke delen, Stuks: naar afname"
    assert compared.order[-1] == name
    assert compared.to_frame()[name].sum() == 2660
    assert compared.headed()[name].sum() == 2660
    assert open_case(tables).compare_rules([mixture, "equal"]).order == (name, "equal")
    tables["pools"][0]["fixed"] = value(1000)
    tables["alternatives"] = {}
    compared = open_case(tables).compare_rules([{**mixture, "units": "stand_alone"}])
    assert list(compared.reasons.values()) == ["een van de regels bestaat niet voor haar kostensoort"]


def test_frames_for_readers_say_what_their_columns_are(case):
    compared = case.compare_rules(["inhabitants", "equal"])
    frame = compared.headed()
    assert list(frame.columns) == ["name", "kind", "share_inhabitants", "share_equal"]
    assert frame.attrs["total"] == ["share_inhabitants", "share_equal"]
    per = compared.headed(per_inhabitant=True)
    assert list(per.columns) == ["name", "per_inhabitant_inhabitants", "per_inhabitant_equal"]
    assert per.attrs["title"].endswith("per inwoner")
    assert list(per.index) == list(CODES[:4])
    assert "Naar inwoners" in compared._repr_html_() or "naar inwoners" in compared._repr_html_()
    assert compared.rules().loc["equal", "outcome"] == "group_better_off"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("shapley", "rules: 'shapley'; allowed: a list of rules"),
        (5, "rules: 5; allowed: a list"),
        ([], "rules: none"),
        (["shaply", 5], r"(?s)rules\[0\]: 'shaply'.*Did you mean 'shapley'.*rules\[1\]: 5"),
        ([{"project": "equl"}, "equal"], r"(?s)rules\[0\].join: no rule.*rules\[0\].project: rule 'equl'"),
    ],
)
def test_rules_that_cannot_be_compared(case, rules, message):
    with pytest.raises(InputError, match=message):
        case.compare_rules(rules)


def test_why_a_rule_does_not_exist(tables):
    """Three of volume 1 at prices 10, 20, 10: 40 together, 10 each alone; so no nucleolus, by 10."""
    tables["others"], tables["participation"]["municipalities"] = [], list(CODES[:3])
    tables["volumes"][0]["own"] = {code: value(1, "count") for code in CODES[:3]}
    prices = tiers((0, 10), (1, 20), (2, 10))
    tables["pools"] = [{"id": "units", "name": "S", "volume": {"volume": "units", "tiers": prices}}]
    tables["case"]["rule"], tables["case"]["unions"] = "volume", ""
    tables["alternatives"]["stand_alone"]["own"] = {"GM0106": pm()}
    compared = open_case(tables).compare_rules(["scrb", "nucleolus", "owen", "stand_alone"])
    assert compared.reasons["nucleolus"].endswith(
        "samen kost dit € 40,00, en wat ieder zonder de anderen zou betalen is bij elkaar € 30,00: in elke verdeling "
        "betaalt iemand meer dan zonder de anderen, samen € 10,00"
    )
    assert compared.reasons["owen"] == "er zijn geen regio's opgegeven"
    assert compared.reasons["stand_alone"] == "de kosten bij zelfstandige uitvoering zijn PM voor Assen"
    assert "geen voordeel te verdelen" in compared.rules().loc["scrb", "reason"]
    assert compared.rules().loc["scrb", "outcome"] == "does_not_exist"


def test_other_reasons(tables):
    setup, error = open_case(tables).setup, InputError("x")
    assert "bij meer dan 20 deelnemers" in why_not(setup, "nucleolus", error)
    assert "samen kost dit" in why_not(setup, "nucleolus", InfeasibleError("x"))
    assert why_not(setup, "inhabitants", error) == "geen deelnemer heeft inwoners"
    assert "geen seed" in why_not(setup, "owen", error)
    assert "in een regio" in why_not(setup, "average", error)
    assert why_not(setup, "stand_alone", error) == "de kosten bij zelfstandige uitvoering zijn 0"
    tables["alternatives"], tables["volumes"], tables["pools"] = {}, [], tables["pools"][:2]
    setup = open_case(tables).setup
    assert why_not(setup, "average", error) == "er zijn geen volumes"
    assert why_not(setup, "stand_alone", error) == "er zijn geen kosten bij zelfstandige uitvoering opgegeven"


def test_a_rule_is_one_entry(case, monkeypatch):
    """A rule in the registry is split by, compared, explained, and says itself why it does not exist."""

    def first_pays(setup, pools):
        if setup.parties.count < 3:
            raise InputError("too few")
        parts = {pool.id: np.eye(setup.parties.count)[0] * pool.total for pool in pools}
        return Shares(np.sum(list(parts.values()), axis=0), parts, ("closed form",))

    monkeypatch.setitem(vocabularies("nl")["split_rule"], "first", "de eerste betaalt")
    rule = Rule(shares=first_pays, why_not=lambda *_: "er zijn er te weinig")
    monkeypatch.setitem(RULES, "first", rule)
    split = case.split("first")
    assert split.values.tolist() == [2660, 0, 0, 0, 0]
    assert split.title.endswith("verdeling de eerste betaalt")
    assert "rechtstreeks berekend" in str(split.explain("GM0014"))
    assert case.split("first", amounts={"project": [2000.0]}).values[0, 0] == 3660
    assert case.split({"project": "first", "join": "equal", "units": "volume"}).values[0] > 1000
    compared = case.with_changes(participants=CODES[:2]).compare_rules(["first", "equal"])
    assert compared.reasons == {"first": "er zijn er te weinig"}
    assert "De eerste betaalt is hier niet berekend: er zijn er te weinig." in compared.notes
