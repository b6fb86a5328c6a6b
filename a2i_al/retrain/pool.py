"""Items, their features and the seeds in; who is left to ask about, and what a model learns from, out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.tables import ITEMS


@dataclass(frozen=True)
class Pool:
    """What people may be asked about, and what is known from the start; made by `of`.

    Attributes
    ----------
    items : DataFrame
        The items table.
    features : ndarray of shape (number of items, ...)
        Row by row as the items.
    seed_labels : dict of str to str
        Item id to label.
    seed_features : ndarray of shape (number of seeds, ...)
        In the order of the seeds.
    """

    items: pd.DataFrame
    features: np.ndarray
    seed_labels: dict[str, str]
    seed_features: np.ndarray

    @classmethod
    def of(cls, items: pd.DataFrame, features: Any, seed_labels: Mapping[str, str], seed_features: Any = None) -> Pool:
        """Check what a cycle was given.

        Raises
        ------
        InvalidInput
            If features are sparse or no array, or seeds are no mapping.
        InvalidTable
            If features and items, or seeds and their features, do not match.

        Examples
        --------
        >>> items = pd.DataFrame({"item_id": ["i", "j"], "text": ["good", "bad"]})
        >>> Pool.of(items, [[0.9], [0.1]], {"i": "yes"}).seed_features
        array([[0.9]])
        """
        items, rows = ITEMS.check(items), _array("features", features)
        if len(rows) != len(items):
            raise InvalidTable(f"features has {len(rows)} rows and items {len(items)}", expected="a row per item")
        arguments.able("seed_labels", seed_labels, "items", "a mapping of item id to label")
        seeds = {str(item_id): str(label) for item_id, label in seed_labels.items()}
        known = rows[_rows_of_seeds(items, seeds)] if seed_features is None else _array("seed_features", seed_features)
        if len(known) != len(seeds):
            raise InvalidTable(
                f"seed_features has {len(known)} rows and seed_labels {len(seeds)}", expected="a row per seed"
            )
        if known.shape[1:] != rows.shape[1:]:
            raise InvalidTable(
                f"features are of shape {rows.shape[1:]} an item and seed_features of shape {known.shape[1:]} a seed",
                expected="the same for both",
            )
        return cls(items, rows, seeds, known)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each item."""
        return {item_id: row for row, item_id in enumerate(self.items["item_id"])}

    def left(self, labels: pd.DataFrame) -> list[str]:
        """Return the items that are neither seeds nor in a labels table."""
        asked = set(labels["item_id"]) | set(self.seed_labels)
        return [item_id for item_id in self.items["item_id"] if item_id not in asked]

    def features_of(self, item_ids: Iterable[str]) -> np.ndarray:
        """Return the features of items, in their order."""
        return self.features[[self.row_of[item_id] for item_id in item_ids]]

    def learnt(self, labels: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return what a model learns from: features and labels of the seeds and of what people agreed on."""
        agreed = labels[labels["status"] == "agreed"]
        features = np.concatenate([self.seed_features, self.features_of(agreed["item_id"])])
        return features, np.array([*self.seed_labels.values(), *agreed["label"]], dtype=str)

    def digests(self) -> dict[str, str]:
        """Return fingerprints of the items' ids and of the seeds."""
        return {"items": _digest(list(self.row_of)), "seed_labels": _digest(self.seed_labels)}


def _array(name: str, values: Any) -> np.ndarray:
    array = np.asarray(values)
    # A sparse matrix becomes one object; a single number has no rows either.
    if array.ndim == 0:
        sparse = f"{name}.toarray(), or the texts themselves with a pipeline that starts with a vectorizer"
        raise InvalidInput(
            f"{name} is {arguments.told(values)}",
            expected="an array with a row per item",
            fix=sparse if hasattr(values, "toarray") else "",
        )
    return array


def _rows_of_seeds(items: pd.DataFrame, seeds: Mapping[str, str]) -> list[int]:
    row_of = {item_id: row for row, item_id in enumerate(items["item_id"])}
    strangers = [item_id for item_id in seeds if item_id not in row_of]
    if strangers:
        raise InvalidTable(
            f"{len(strangers)} seeds are not among the items, such as {strangers[0]!r}",
            expected="seeds of the pool, or their features",
            fix="pass seed_features=, in the order of seed_labels",
        )
    return [row_of[item_id] for item_id in seeds]


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
