"""What every answer is: a frozen result that shows itself, and leaves Python as JSON, a workbook or files."""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.results.base import Result as Result
    from ggu_costs.results.base import SideBySide as SideBySide
    from ggu_costs.results.read import JsonResult as JsonResult
    from ggu_costs.results.read import read_json as read_json
    from ggu_costs.results.schema import result_schema as result_schema
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "results.base": "Result SideBySide",
            "results.read": "JsonResult read_json",
            "results.schema": "result_schema",
        },
    )
