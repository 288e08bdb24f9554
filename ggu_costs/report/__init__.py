"""What leaves the library: tables as CSV, workbooks, and files that are written whole or not at all."""
