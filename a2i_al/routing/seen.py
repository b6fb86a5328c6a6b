"""What came along lately: scores in, a small histogram that fades, and the score that a share of it lies above, out.

Scores are counted by class: exponent and the first four bits of the mantissa, so 16 classes to a factor of two, each 3
to 6 % wide at any scale (compare C. Masson, J. Rim and H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch
with relative-error guarantees", VLDB 2019). A router's state stays a small JSON that way.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_SHIFT = 48
# Not infinity, which JSON does not have.
_ABOVE_ALL = 2.0**62
# What has faded to less than this would otherwise make the state grow for ever.
_FADED = 1e-3


@dataclass
class Seen:
    """Arrivals, those that fade away included.

    Parameters
    ----------
    count : float
        How many there were.
    drawn : float
        The sum of their chances to be drawn by a sampling rule, in millionths.
    scores : dict of int to float
        How many candidates for a review were in each class of scores.

    Examples
    --------
    >>> seen = Seen(count=2, scores={1: 2})
    >>> seen.fade(0.5, Seen(count=1, scores={1: 1, 2: 1}))
    >>> seen.count, seen.scores
    (2.0, {1: 2.0, 2: 1.0})
    """

    count: float = 0
    drawn: float = 0
    scores: dict[int, float] = field(default_factory=dict)

    @property
    def candidates(self) -> float:
        """How many of them were candidates."""
        return sum(self.scores.values())

    def fade(self, factor: float, new: Seen) -> None:
        """Forget a part, and take in what is new."""
        self.count = self.count * factor + new.count
        self.drawn = self.drawn * factor + new.drawn
        faded = {at: weight * factor for at, weight in self.scores.items()}
        for at, weight in new.scores.items():
            faded[at] = faded.get(at, 0.0) + weight
        # In one order, so that sums do not depend on who came first within a block.
        self.scores = {at: weight for at, weight in sorted(faded.items()) if weight > _FADED}

    def threshold(self, share: float) -> float:
        """Return the score that a share of the candidates lies above, a class counting as spread evenly.

        Parameters
        ----------
        share : float
            From 0; 1 or more gives 0, below every score. Less than one of those seen gives a
            score above all others.

        Examples
        --------
        >>> Seen(scores={class_of(0.5): 8.0, class_of(0.25): 8.0}).threshold(0.25)
        0.515625
        """
        wanted = share * self.candidates
        if share >= 1:
            return 0.0
        if wanted < 1:
            # Too few were seen to tell: among few, one is the highest too often.
            return _ABOVE_ALL
        for at in sorted(self.scores, reverse=True):
            weight = self.scores[at]
            if weight >= wanted:
                low, high = edges(at)
                return high - (high - low) * wanted / weight
            wanted -= weight
        return 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {**vars(self), "scores": {str(at): weight for at, weight in self.scores.items()}}

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Seen:
        """Return what `to_dict` wrote."""
        return cls(document["count"], document["drawn"], {int(at): n for at, n in document["scores"].items()})


def class_of(score: float) -> int:
    """Return the class of a positive score.

    Examples
    --------
    >>> edges(class_of(0.5))
    (0.5, 0.53125)
    """
    return int(struct.unpack("<q", struct.pack("<d", score))[0]) >> _SHIFT


def classes_of(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the class of each score, as `class_of` does.

    Examples
    --------
    >>> import numpy as np
    >>> classes_of(np.array([0.5])).tolist() == [class_of(0.5)]
    True
    """
    return scores.view("int64") >> _SHIFT


def untied(score: float, lot: float) -> float:
    """Raise a score by up to the width of its class, so that a lot from 0 to 1 decides among equal ones.

    What has the same confidence would otherwise be reviewed all at once, or not at all; and a histogram cannot tell
    where in a class it is.

    Examples
    --------
    >>> untied(0.5, 0.5)
    0.515625
    """
    low, high = edges(class_of(score))
    return score + lot * (high - low)


def all_untied(scores: npt.NDArray[np.float64], lots: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Raise each score by its lot, as `untied` does.

    Examples
    --------
    >>> import numpy as np
    >>> all_untied(np.array([0.5]), np.array([0.5])).tolist()
    [0.515625]
    """
    # Imported here: numpy is for tables.
    import numpy as np  # noqa: PLC0415

    at = classes_of(scores)
    low, high = ((each << _SHIFT).view("float64") for each in (at, at + 1))
    return np.asarray(scores + lots * (high - low))


def edges(at: int) -> tuple[float, float]:
    """Return where a class begins and ends.

    Examples
    --------
    >>> edges(class_of(100.0))
    (100.0, 104.0)
    """
    low, high = (struct.unpack("<d", struct.pack("<q", each << _SHIFT))[0] for each in (at, at + 1))
    return low, high
