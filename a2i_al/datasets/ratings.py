"""Texts that many people each rated: every single answer, for whatever is to be learned about answers."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass

import numpy as np
import pandas as pd

from a2i_al.datasets.packages import PackagedFile
from a2i_al.tables import ANSWERS, ITEMS

_FILE = PackagedFile(
    "vaderSentiment",
    "3.3.2",
    "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz",
    "d5bb07d87474b3eb8d30b4deccbc23f19d742a6c5718fbacc65485b70b95c5fa",
    source=True,
)
# Name here → name of its two files.
_PARTS = {
    "tweets": "tweets",
    "movies": "movieReviewSnippets",
    "products": "amazonReviewSnippets",
    "editorials": "nytEditorialSnippets",
}
LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True, eq=False)
class RatedTextSet:
    """Texts with the ratings that people gave them, from -4 (extremely negative) to 4 (extremely positive).

    Attributes
    ----------
    name : str
    item_ids : tuple of str
    texts : tuple of str
    source : ndarray of str, shape (n,)
        What kind of text it is.
    ratings : ndarray of int8
        All ratings, item after item, in the order published.
    starts : ndarray of int64, shape (n + 1,)
        The ratings of item i are ``ratings[starts[i] : starts[i + 1]]``.
    """

    name: str
    item_ids: tuple[str, ...]
    texts: tuple[str, ...]
    source: np.ndarray
    ratings: np.ndarray
    starts: np.ndarray

    @property
    def labels(self) -> list[str]:
        """The classes that a rating's sign gives, sorted."""
        return list(LABELS)

    @property
    def n_ratings(self) -> np.ndarray:
        """How many people rated each item."""
        return np.diff(self.starts)

    @property
    def mean(self) -> np.ndarray:
        """The mean rating of each item."""
        mean: np.ndarray = np.add.reduceat(self.ratings, self.starts[:-1], dtype="float64") / self.n_ratings
        return mean

    def items(self) -> pd.DataFrame:
        """Return the items table: `item_id`, `text`, `source`."""
        return ITEMS.check(pd.DataFrame({"item_id": self.item_ids, "text": self.texts, "source": self.source}))

    def answers(self, reviewers: int | None = None, *, random_state: int = 0) -> pd.DataFrame:
        """Return the ratings as an answers table: one row per rating, its sign as the value of the field `sentiment`.

        The data name no raters. A `worker_id` here numbers the ratings of an item, so it is nobody in particular: what
        is learned about single workers from it means nothing.

        Parameters
        ----------
        reviewers : int, optional
            So many of each item's ratings, drawn at random without replacement; all of them by default.
        random_state : int
            Seed of the draw.

        Returns
        -------
        DataFrame
            The answers table with the extra column `rating`, sorted by item. `human_loop_name` is the item's id, and
            there are no times.
        """
        item = np.repeat(np.arange(len(self.item_ids)), self.n_ratings)
        # A random order within each item; the first so many of it are the draw.
        order = np.lexsort((np.random.default_rng(random_state).random(len(item)), item))
        turn = np.arange(len(item)) - self.starts[item]
        kept = np.ones(len(item), dtype=bool) if reviewers is None else turn < reviewers
        rows, turn = order[kept], turn[kept]
        names = np.asarray(self.item_ids, dtype=object)[item[rows]]
        workers = np.asarray([f"rater-{n + 1:02d}" for n in range(int(self.n_ratings.max()))], dtype=object)[turn]
        value = np.asarray(LABELS, dtype=object)[np.sign(self.ratings[rows]).astype(int) + 1]
        columns = {"human_loop_name": names, "item_id": names, "worker_id": workers, "field": "sentiment"}
        return ANSWERS.check(pd.DataFrame(columns | {"value": value, "rating": self.ratings[rows].astype("int64")}))

    def __repr__(self) -> str:
        return f"RatedTextSet({self.name!r}: {len(self.texts):,} texts, {len(self.ratings):,} ratings)"


def sentiment_ratings() -> RatedTextSet:
    """Return 23,703 texts that 15 to 99 people each rated for sentiment: 536,520 ratings (Hutto and Gilbert, 2014).

    Raises
    ------
    DatasetUnavailable
        If vaderSentiment's source distribution (2.5 MB) cannot be fetched.
    """
    with tarfile.open(fileobj=io.BytesIO(_FILE.read())) as archive:
        parts = {name: _part(archive, stem) for name, stem in _PARTS.items()}
    ids = [f"{name}-{number}" for name, rows in parts.items() for number, _, _ in rows]
    ratings = [rating for rows in parts.values() for _, _, rating in rows]
    return RatedTextSet(
        name="sentiment_ratings",
        item_ids=tuple(ids),
        texts=tuple(text for rows in parts.values() for _, text, _ in rows),
        source=np.repeat(list(parts), [len(rows) for rows in parts.values()]),
        ratings=np.concatenate(ratings),
        starts=np.cumsum([0, *map(len, ratings)]),
    )


def _part(archive: tarfile.TarFile, stem: str) -> list[tuple[str, str, np.ndarray]]:
    """Return number, text and ratings of each item; the two files have the items in different orders."""
    ratings = {
        row[0]: np.asarray(json.loads(row[3]), dtype="int8") for row in _rows(archive, f"{stem}_anonDataRatings")
    }
    return [(row[0], row[2], ratings[row[0]]) for row in _rows(archive, f"{stem}_GroundTruth")]


def _rows(archive: tarfile.TarFile, stem: str) -> list[list[str]]:
    file = archive.extractfile(f"hutto_ICWSM_2014/{stem}.txt")
    text = file.read().decode("utf-8-sig") if file else ""
    # No csv: quotation marks are part of the texts.
    return [line.split("\t") for line in text.split("\r\n") if line]
