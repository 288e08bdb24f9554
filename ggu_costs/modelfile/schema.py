"""JSON Schema of a kind of model file, so that an editor can complete and check while one types."""

from typing import Any, get_args

from ggu_costs.modelfile.described import meaning
from ggu_costs.modelfile.header import Change, Header
from ggu_costs.modelfile.overlay import CHANGE_KEYS, OWN_KEYS
from ggu_costs.modelfile.values import Status


def json_schema(definition: type[Header]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a model file; dates are ISO text.

    A value may be written as one table or as a list of dated tables; the schema allows both. A file with a base holds a
    header and changes instead of the tables of its kind.
    """
    schema = definition.model_json_schema(by_alias=True, mode="validation")
    parts: dict[str, Any] = schema.pop("$defs", {})
    parts.pop("Change")
    del schema["properties"]["changes"]  # of a file with a base only
    if "Dated" in parts:
        item = parts["Dated"]["properties"]["items"]["items"]
        parts["Dated"] = {
            "title": "Dated",
            "description": "One value, or several with from and until.",
            "anyOf": [item, {"type": "array", "items": item, "minItems": 1}],
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": schema.pop("title"),
        "if": {"required": ["base"]},
        "then": _overlay(schema["properties"]),
        "else": schema,
        "$defs": parts,
    }


_SET = "What it becomes: a value with its basis, or a bare one with the basis beside it."


def _overlay(properties: dict[str, Any]) -> dict[str, Any]:
    text = {"type": "string"}
    change: dict[str, Any] = dict.fromkeys(CHANGE_KEYS, text)
    change |= {"set": {}, "status": {"enum": list(get_args(Status))}}
    change = {
        name: part | {"description": _SET if name == "set" else meaning(Change, name)} for name, part in change.items()
    }
    own = {name: properties[name] for name in OWN_KEYS if name in properties}
    item = {"type": "object", "additionalProperties": False, "required": ["key", "set"], "properties": change}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["base", "id"],
        "properties": own
        | {
            "base": text | {"description": "Id of the model that this file changes."},
            "changes": {"type": "array", "items": item, "description": "What differs from the base, in order."},
        },
    }
