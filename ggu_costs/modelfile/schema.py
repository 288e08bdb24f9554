"""JSON Schema of a kind of model file, so that an editor can complete and check while one types."""

from __future__ import annotations

from typing import Any

from ggu_costs.modelfile.header import Header

__all__ = ["json_schema"]


def json_schema(definition: type[Header]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a model file; dates are ISO text.

    A value may be written as one table or as a list of dated tables; the schema allows both.
    """
    schema = definition.model_json_schema(by_alias=True, mode="validation")
    dated = schema["$defs"]["Dated"]
    item = dated["properties"]["items"]["items"]
    schema["$defs"]["Dated"] = {
        "title": "Dated",
        "description": "One value, or several with from and until.",
        "anyOf": [item, {"type": "array", "items": item, "minItems": 1}],
    }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
