"""The command on estimates: how often what happened fell within them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ggu_costs import catalogue
from ggu_costs.cli.messages import say, say_json, write_columns
from ggu_costs.cli.options import Json, Lang, Models, References, open_reference
from ggu_costs.errors import Faults, GguCostsError
from ggu_costs.words.messages import message
from ggu_costs.words.messages import say as said_in

if TYPE_CHECKING:
    import pandas as pd


def calibrate(
    realised: Annotated[
        list[str],
        typer.Argument(metavar="PROGRAMME=FILE", help="Programmes, each with a file of what really happened."),
    ],
    price_level: Annotated[
        str, typer.Option(help="Year whose prices the amounts are at, or current; needed to be like for like.")
    ] = "",
    lang: Lang = "nl",
    as_json: Json = False,
    models: Models = None,
    reference: References = None,
) -> None:
    """Count over programmes how often what happened fell within P5 to P95, and how sure that count is."""
    from ggu_costs.impact.answers.placing import calibration

    tables, faults = open_reference(reference), Faults()
    placed: dict[str, Path] = {}
    for text in realised:
        name, _, file = text.rpartition("=")
        if not (name and file):
            faults.add("calibrate", repr(text), "PROGRAMME=FILE")
        elif name in placed:
            faults.add("calibrate", f"{name!r} twice", "one file for each programme")
        else:
            placed[name] = Path(file)
    faults.check("this cannot be calibrated", remedy="Write such as programmes/woo=realisatie.csv.")
    found = {}
    for name, path in placed.items():
        try:
            programme = catalogue.open_programme(name, models=models, reference=tables)
            found[name] = programme.realised(path, price_level=price_level)
        except GguCostsError as error:
            if len(placed) == 1:
                raise
            faults.found += error.faults
            if not error.faults:
                faults.add(name, error.message, "", error.remedy)
    faults.check("this cannot be calibrated", remedy="Correct everything named.")
    frame = calibration(found)
    if as_json:
        say_json(json.dumps(_plain(frame), ensure_ascii=False))
    else:
        _tell(frame, lang)


def _plain(frame: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    rows = frame.to_dict(orient="index")
    return {
        str(name): {str(key): None if math.isnan(value) else float(value) for key, value in row.items()}
        for name, row in rows.items()
    }


def _tell(frame: pd.DataFrame, lang: str) -> None:
    """Write the table, and in a sentence how many of the figures, how sure that is and what that means."""
    from ggu_costs.display.screen import budget_lines
    from ggu_costs.display.table import Table
    from ggu_costs.display.table_language import table_in
    from ggu_costs.frames import amend

    facts = {str(name): fact for name, fact in frame.attrs.items()}
    shown = amend(frame.rename(index={"all": said_in(message("all_programmes"), lang)}), **facts)
    say(message("calibration_of"), lang=lang)
    write_columns(budget_lines(table_in(Table("calibration", "", shown), lang), lang))
    whole = _plain(frame)["all"]
    count, within = int(whole["figures"] or 0), int(whole["within"] or 0)
    text = message("calibration_told", within=within, count=count, low=whole["share_low"], high=whole["share_high"])
    say("", text if count else message("calibration_none"), message("calibration_how"), lang=lang)
