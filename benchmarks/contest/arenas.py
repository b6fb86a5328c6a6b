"""Where the contest is held: a pool to label, a test set to judge by, both as numbers any model can learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from a2i_al import datasets

# The rules of `auto` were chosen on the first ones; the others were run once the rules stood. breast_cancer is among
# the first because strategies that `auto` builds on were tuned on it.
CHOSEN_ON = ("breast_cancer", "digits", "phishing", "reuters_r52", "wine")
REPORTED_ON = ("mnist", "reuters_r8", "segment", "shuttle")
POOL, TEST, TOPICS = 2_000, 1_500, 100


@dataclass(frozen=True)
class Arena:
    """A pool with hidden labels and a test set.

    Attributes
    ----------
    name : str
    X_pool, X_test : ndarray of float64, shapes (n, d) and (t, d)
    y_pool, y_test : ndarray of int64
    """

    name: str
    X_pool: np.ndarray
    y_pool: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def arena(name: str, seed: int) -> Arena:
    """Return a data set split by a seed: at most 2,000 items to choose from, at most 1,500 to judge by.

    `name` may be the path of an .npz file with X_pool, y_pool, X_test and y_test, which is taken as it is.
    """
    if name.endswith(".npz"):
        with np.load(name) as data:
            return Arena(Path(name).stem, *(data[key] for key in ("X_pool", "y_pool", "X_test", "y_test")))
    data = datasets.load(name)
    if isinstance(data, datasets.TextSet):
        return _texts(data, seed)
    pixels = name in {"digits", "mnist"}
    scaler = MaxAbsScaler() if pixels else StandardScaler()
    codes = np.unique(data.target, return_inverse=True)[1]
    test_size = min(TEST, round(0.3 * len(codes)))
    X_pool, X_test, y_pool, y_test = train_test_split(
        data.features, codes, test_size=test_size, random_state=seed, stratify=codes
    )
    X_pool, y_pool = _some(X_pool, y_pool, POOL, seed)
    # A constant column of pixels has the scale 0; MaxAbsScaler leaves it alone.
    scaler.fit(X_pool)
    return Arena(name, scaler.transform(X_pool), y_pool, scaler.transform(X_test), y_test)


def _texts(data: datasets.TextSet, seed: int) -> Arena:
    """Return texts as 100 topics of their TF-IDF weights, learnt from the pool without its labels."""
    texts, test = np.asarray(data.texts, dtype=object), data.is_test
    codes = np.unique(data.target, return_inverse=True)[1]
    pool_texts, y_pool = _some(texts[~test], codes[~test], POOL, seed)
    test_texts, y_test = _some(texts[test], codes[test], TEST, seed)
    weights = TfidfVectorizer(min_df=2, sublinear_tf=True, stop_words="english")
    topics = TruncatedSVD(TOPICS, random_state=seed)
    scaler = StandardScaler(with_mean=False)
    X_pool = scaler.fit_transform(topics.fit_transform(weights.fit_transform(pool_texts)))
    return Arena(data.name, X_pool, y_pool, scaler.transform(topics.transform(weights.transform(test_texts))), y_test)


def _some(X: np.ndarray, y: np.ndarray, most: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chosen = np.random.default_rng(seed).permutation(len(y))[:most]
    return X[chosen], y[chosen]
