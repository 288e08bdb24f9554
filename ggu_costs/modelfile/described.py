"""What each key of a model file means, for the JSON Schema: the section Attributes in the docstring of its class."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import AfterValidator, BaseModel
from pydantic.annotated_handlers import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema

EVERYWHERE = {
    "id": "Name by which other parts of the file and outputs refer to it.",
    "name": "What outputs call it.",
    "kind": "What the file is about; it decides which tables it has.",
    "status": "How sure it is: enacted, proposed, actual, published, estimated, derived or illustrative (made up).",
    "source": "Id of one of [sources]; needed for what is enacted, proposed, actual or published.",
    "place": "Where in the source: page, table or article.",
    "by": "Whose estimate, choice or example it is; needed for what is estimated or illustrative.",
    "calculation": "How it was derived; needed for what is derived.",
    "note": "What a reader has to know besides.",
    "unit": "Unit of the figures.",
    "vat": "Whether amounts in euro include VAT: incl, excl, none or unknown.",
    "price_level": "Year of whose prices the amount is, current, or unknown; needed for amounts in euro.",
    "map_date": "Day of the municipal map: the municipalities of that day take part.",
    "counting_date": "Day on which inhabitants and other figures are counted (peildatum); 1 January of a year.",
}
"""What a key means in every part that has one, unless the part says otherwise."""

_SECTION = re.compile(r"^Attributes\n-+\n(.*?)(?:\n\n(?=\S)|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^(\w[\w, ]*)\n((?:[ ]+.*(?:\n|\Z)|\n)+)", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?([^`]*)`")


@dataclass(frozen=True)
class InUnit:
    """What checks a value, and the unit it has, which the schema tells as ``x-unit``."""

    unit: str
    check: AfterValidator

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check as the validator does."""
        return self.check.__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Tell the unit."""
        return {**handler(core), **({"x-unit": self.unit} if self.unit else {})}


class Described(BaseModel):
    """A part of a model file whose schema says of every key what the docstring of the class says of it."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Give every key its description."""
        schema = handler.resolve_ref_schema(handler(core))
        named = {field.alias or name: name for name, field in cls.model_fields.items()}
        for key, part in schema.get("properties", {}).items():
            if words := meaning(cls, named[key]):
                part["description"] = words
        return schema


def meaning(part: type, name: str) -> str:
    """Return what the class, or the nearest class it is made from, says of a field; empty where none does."""
    return next((said for each in part.__mro__ if (said := _told(each).get(name))), EVERYWHERE.get(name, ""))


@cache
def _told(part: type) -> dict[str, str]:
    """Return the entries of the section Attributes of one class, by the name of the field, each on one line."""
    section = _SECTION.search(inspect.cleandoc(part.__dict__.get("__doc__") or ""))
    return {
        name: _ROLE.sub(r"\1", " ".join(text.split())).replace("``", "'")
        for names, text in (_ENTRY.findall(section[1]) if section else ())
        for name in names.split(", ")
    }
