# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A full dossier before an assembly
#
# What lies on the table: another key for the GGU fund, with an amendment that goes half as far; a joint purchase; and
# an intergovernmental programme. An alderman wants one page in which the own municipality is found in seconds, a
# controller one workbook. The other keys are examples that nobody proposed; the purchase is made up too
# (**FICTIEF VOORBEELD**).

# %%

import ggu_costs as ggu
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.files import write_run
from ggu_costs.report.join import joined

# %% [markdown]
# ## The fund: now, the proposal, the amendment
#
# The proposal shares a fifth of the fund equally, the amendment a tenth. Both keep the total, so what one pays more,
# others pay less.

# %%
now = ggu.open_model("funds/ggu/2020")
proposal = now.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
amendment = now.with_changes(key={"inhabitants": 0.9, "equal": 0.1})
bills = [fund.contributions() for fund in (now, proposal, amendment)]
fund = ggu.compare(*bills)
fund.to_frame().loc[["GM0345", "GM0363"]]

# %% [markdown]
# ## Who would be better or worse off, weighed by votes
#
# The scale of the statutes was not found, so the example scales stand side by side and nothing is called adopted. A
# disadvantage is no vote against.

# %%
scales = [ggu.open_model(f"ballots/{name}") for name in ("one-each", "per-inhabitant", "steps-example")]
weighted = {}
for name, bill in (("voorstel", bills[1]), ("amendement", bills[2])):
    effect = ggu.redistribution(bills[0], bill)
    weighted[name] = ggu.weighted_effects(effect, scales, map_date="2020-01-01", counting_date="2020-01-01")
weighted["voorstel"]

# %%
votes = Report(
    "Stemverhoudingen",
    tuple(
        Table(f"scale_{letter}", f"Gemeenten met voordeel en nadeel: {name}", frame)
        for letter, (name, frame) in zip("bc", weighted.items(), strict=True)
    ),
    provenance={scale.definition.id: scale.report().provenance for scale in scales},
)

# %% [markdown]
# ## A joint purchase and a programme
#
# The programme is simulated as its file states.

# %%
purchase = dossier(ggu.open_model("procurement/gt-mobiel-1"))
programme = dossier(ggu.open_model("programmes/omgevingswet/2021"))
programme.summary

# %% [markdown]
# ## One page, one workbook
#
# The parts stand apart and are never added up: a contribution, a share of a purchase and an estimate are different
# things.

# %%
whole = joined(
    "Dossier voor de ALV",
    {
        "Fonds GGU": comparison_dossier(fund, [now, proposal, amendment]),
        "Gewogen aandelen": votes,
        "Gezamenlijke inkoop": purchase,
        "Omgevingswet": programme,
    },
    notes=["De sleutels van voorstel en amendement zijn voorbeelden; niemand heeft ze voorgesteld."],
)
files = files_of(whole)
write_run("dossier", files)
for name in ("result.html", "result.xlsx"):
    print(name, f"{len(files[name]) / 1e6:.1f} MB")

# %% [markdown]
# Everything in it that is made up is marked, and the page is small enough to send along.

# %%
assert "FICTIEF VOORBEELD" in files["result.html"].decode()
assert len(files["result.html"]) < 4_000_000
