"""What every answer is: a frozen result that shows itself, and leaves Python as JSON, a workbook or files."""
