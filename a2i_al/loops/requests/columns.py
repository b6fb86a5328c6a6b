"""An items table comes in; it goes out without what nobody may see, and only if it has what the task page prints."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.tables import ITEMS


def check_columns(items: pd.DataFrame, needed: Sequence[str]) -> None:
    """Refuse items that lack a column which the task page prints, before anybody is asked about a hole.

    Parameters
    ----------
    items : DataFrame
        A checked items table.
    needed : sequence of str
        Names of columns, as `needed_columns` reads them in a template.

    Raises
    ------
    InvalidTable
        Naming all that are missing.

    Examples
    --------
    >>> check_columns(pd.DataFrame({"item_id": ["1"], "text": ["hi"]}), ["text"])
    """
    missing = [name for name in needed if name not in items.columns]
    if missing:
        raise InvalidTable(
            f"the task page prints {', '.join(map(repr, missing))}, which the items do not have",
            expected=f"columns for all of it; the items have {', '.join(map(repr, items.columns))}",
            fix="rename or add the columns, give them a default in the template, or submit with check=False",
        )


def redacted(items: pd.DataFrame, redact: Collection[str]) -> pd.DataFrame:
    """Return the items without the columns that are not to be sent.

    Raises
    ------
    InvalidTable
        If there is no such column: a misspelt one would be sent; or two of one name.
    InvalidInput
        If it is ``item_id``, by which the answers come back.

    Examples
    --------
    >>> redacted(pd.DataFrame({"item_id": ["1"], "text": ["hi"], "e_mail": ["a@b.c"]}), ["e_mail"])
      item_id text
    0       1   hi
    """
    twice = items.columns[items.columns.duplicated()] if isinstance(items, pd.DataFrame) else []
    if len(twice):
        raise InvalidTable(f"items has two columns {twice[0]!r}", expected="a name for each", fix="rename one of them")
    items = ITEMS.check(items)
    check_names(items, redact, "redact")
    if "item_id" in redact:
        raise InvalidInput(
            "redact has 'item_id'",
            expected="other columns: answers come back by the item's id",
            fix="give the items ids that tell nobody anything, such as a hash with a secret key",
        )
    return items.drop(columns=list(redact))


def check_names(items: pd.DataFrame, names: Collection[str], argument: str) -> None:
    """Refuse names of columns that the items do not have.

    Raises
    ------
    InvalidTable
        Naming the first of them.

    Examples
    --------
    >>> check_names(pd.DataFrame({"item_id": ["1"]}), ["item_id"], "redact")
    """
    if isinstance(names, str) or not isinstance(names, Collection):
        raise InvalidInput(f"{argument} is {names!r}", expected="a list of columns, such as ['text']")
    unknown = [name for name in names if name not in items.columns]
    if unknown:
        raise InvalidTable(
            f"{argument} has {unknown[0]!r}, which is no column of the items",
            expected=f"some of {', '.join(map(repr, items.columns))}",
        )
