"""Write docs/tables.md from the tables' own definition: python docs/tables.py."""  # noqa: INP001 - a script

from __future__ import annotations

from pathlib import Path

from a2i_al import tables

HEAD = """\
# Tables

An ordinary DataFrame with documented columns crosses from each stage to the next. Every function takes any DataFrame
that has the **required** columns, in whatever order, fills in the others, and passes extra columns through. Ids are
text; times are `datetime64[us, UTC]`. `docs/tables.py` writes this page from `a2i_al/tables.py`.
"""


def section(table: tables.Table) -> str:
    """Return a table's part of the page."""
    rows = "\n".join(
        f"| {f'**`{column.name}`**' if column.required else f'`{column.name}`'} | {column.dtype} | {column.meaning} |"
        for column in table.columns
    )
    return f"## {table.name}\n\nOne row per {table.row}.\n\n| column | kind | meaning |\n|---|---|---|\n{rows}\n"


def page() -> str:
    """Return the page."""
    found = [value for value in vars(tables).values() if isinstance(value, tables.Table)]
    return "\n".join([HEAD, *map(section, found)])


if __name__ == "__main__":
    Path(__file__).with_suffix(".md").write_text(page(), encoding="utf-8")
