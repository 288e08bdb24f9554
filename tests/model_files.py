"""A small fund file, right in every part, for tests that put something wrong in it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

FUND = """\
schema = 1
kind = "fund"
id = "funds/proef/2024"
title = "Proeffonds 2024"
checked_on = 2024-05-01
description = "Een fonds voor de proef."
years = [2024]

[sources.besluit]
title = "Besluit van de proef"
publisher = "VNG"

[inputs.taxed_share]
unit = "share"
description = "belaste deel"
optional = true

[fund]
basis = "budget"

[fund.total]
value = 1_000_000.00
unit = "EUR"
vat = "incl"
price_level = "current"
status = "enacted"
source = "besluit"
place = "bladzijde 2"

[fund.map_date]
value = 2024-01-01
unit = "date"
status = "enacted"
source = "besluit"

[fund.counting_date]
value = 2023-01-01
unit = "date"
status = "estimated"
by = "de proef"

[fund.key]
parts = { inhabitants = 0.8, equal = 0.2 }
status = "enacted"
source = "besluit"

[fund.vat]
rate = { value = 0.21, unit = "share", status = "enacted", source = "besluit" }
taxed_share = { input = "taxed_share", unit = "share", status = "estimated", by = "de gebruiker" }
recoverable_share = { mark = "pm", unit = "share", status = "estimated", by = "de proef" }

[[activities]]
id = "ibd"
name = "Informatiebeveiliging"
part = "structural"

[activities.budget]
value = 600_000
unit = "EUR"
vat = "incl"
price_level = "current"
status = "enacted"
source = "besluit"

[[activities]]
id = "rest"
name = "De rest"
part = "project"

[activities.budget]
mark = "unallocated"
unit = "EUR"
vat = "incl"
price_level = "current"
status = "enacted"
source = "besluit"
"""


def changed(*pairs: tuple[str, str], text: str = FUND) -> str:
    """Return the text with parts of it replaced; each part has to be there."""
    for old, new in pairs:
        assert old in text, f"not in the file: {old}"
        text = text.replace(old, new)
    return text


def tables(*pairs: tuple[str, str], text: str = FUND) -> dict[str, Any]:
    """Return the changed file as the tables that TOML gives."""
    return tomllib.loads(changed(*pairs, text=text), parse_float=Decimal)
