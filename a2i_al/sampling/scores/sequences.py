"""Class probabilities of every token in, one number per sequence out, higher meaning more useful to review.

A sequence without tokens scores 0: there is nothing on its page to review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.probabilities import check_proba
from a2i_al.sampling.scores import uncertainty
from a2i_al.sampling.scores.ragged import aggregated, check_aggregate

Scores = npt.NDArray[np.float64]
Floats = npt.NDArray[np.floating[Any]]
Aggregate = Literal["mean", "sum", "max"]
# A list of (t_i, k) arrays, or one (m, t, k) array.
TokenProba: TypeAlias = Sequence[npt.ArrayLike] | Floats

# Tokens that are worked on at a time, and sequences: copies of them stay small, however many there are.
_BLOCK_TOKENS = 65_536


def sequence_least_confidence(proba: TokenProba, *, mask: npt.ArrayLike | None = None) -> Scores:
    """Score how little the model believes its own labelling of a sequence: one minus its probability.

    The probability of the labelling is the product of its tokens' highest probabilities, as if these were independent.
    It shrinks with every token, so long sequences come first; beyond some dozens of unsure tokens all score 1. See
    `mnlp` for the score that does not depend on length.

    Parameters
    ----------
    proba : list of m array-likes of shape (t_i, k), or ndarray of shape (m, t, k), k >= 2
        Class probabilities of every token; a sequence may have none.
    mask : array-like of shape (m, t), optional
        For an array of padded sequences: true, or 1, for a token, false, or 0, for padding, whose values do not matter.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (certain of every token) to 1.

    Raises
    ------
    InvalidProbabilities
        If a token's classes are no distribution. The message names the sequence and the token.
    InvalidInput
        If sequences differ in their number of classes, or the mask does not fit.

    References
    ----------
    A. Culotta and A. McCallum, "Reducing labeling effort for structured prediction tasks", AAAI 2005; B. Settles and M.
    Craven, "An analysis of active learning strategies for sequence labeling tasks", EMNLP 2008, equation 3.

    Examples
    --------
    >>> sequence_least_confidence([[[0.5, 0.5], [0.8, 0.2]], [[1.0, 0.0]]]).round(3).tolist()
    [0.6, 0.0]
    """
    return np.asarray(1 - np.exp(-_scored(proba, mask, _surprise, "sum")))


def mnlp(proba: TokenProba, *, mask: npt.ArrayLike | None = None) -> Scores:
    """Score how little the model believes its own labelling, per token: maximum normalised log-probability, negated.

    Parameters
    ----------
    proba : list of m array-likes of shape (t_i, k), or ndarray of shape (m, t, k), k >= 2
        Class probabilities of every token; a sequence may have none.
    mask : array-like of shape (m, t), optional
        As for `sequence_least_confidence`.

    Returns
    -------
    ndarray of shape (m,), float64
        The mean of -ln of the tokens' highest probabilities: from 0 (certain) to ln k (uniform), in nats.

    Raises
    ------
    InvalidProbabilities
        If a token's classes are no distribution. The message names the sequence and the token.
    InvalidInput
        If sequences differ in their number of classes, or the mask does not fit.

    References
    ----------
    Y. Shen, H. Yun, Z. Lipton, Y. Kronrod and A. Anandkumar, "Deep active learning for named entity recognition", ICLR
    2018, section 4.

    Examples
    --------
    >>> mnlp([[[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5]], []]).round(4).tolist()
    [0.6931, 0.6931, 0.0]
    """
    return _scored(proba, mask, _surprise, "mean")


def token_entropy(proba: TokenProba, *, mask: npt.ArrayLike | None = None, aggregate: Aggregate = "mean") -> Scores:
    """Score how spread out the model's belief is over the classes of each token: Shannon's entropy, aggregated.

    Parameters
    ----------
    proba : list of m array-likes of shape (t_i, k), or ndarray of shape (m, t, k), k >= 2
        Class probabilities of every token; a sequence may have none.
    mask : array-like of shape (m, t), optional
        As for `sequence_least_confidence`.
    aggregate : {"mean", "sum", "max"}, default "mean"
        Over the tokens. ``"sum"`` (total token entropy) prefers long sequences, which did best per sequence in the
        paper; ``"mean"`` is fairer where a longer sequence costs more; ``"max"`` looks at the worst token alone.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (certain) to ln k, times the number of tokens for the sum; in nats.

    Raises
    ------
    InvalidProbabilities
        If a token's classes are no distribution. The message names the sequence and the token.
    InvalidInput
        If sequences differ in their number of classes, the mask does not fit, or there is no such aggregate.

    References
    ----------
    B. Settles and M. Craven, "An analysis of active learning strategies for sequence labeling tasks", EMNLP 2008,
    section 3.1 (token entropy, total token entropy).

    Examples
    --------
    >>> token_entropy([[[0.5, 0.5], [1.0, 0.0]]], aggregate="sum").round(4).tolist()
    [0.6931]
    """
    return _scored(proba, mask, uncertainty.entropy, aggregate)


def token_margin(proba: TokenProba, *, mask: npt.ArrayLike | None = None, aggregate: Aggregate = "mean") -> Scores:
    """Score how close the two best classes of each token are: one minus their difference, aggregated.

    Parameters
    ----------
    proba : list of m array-likes of shape (t_i, k), or ndarray of shape (m, t, k), k >= 2
        Class probabilities of every token; a sequence may have none.
    mask : array-like of shape (m, t), optional
        As for `sequence_least_confidence`.
    aggregate : {"mean", "sum", "max"}, default "mean"
        As for `token_entropy`.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (certain) to 1, times the number of tokens for the sum.

    Raises
    ------
    InvalidProbabilities
        If a token's classes are no distribution. The message names the sequence and the token.
    InvalidInput
        If sequences differ in their number of classes, the mask does not fit, or there is no such aggregate.

    References
    ----------
    T. Scheffer, C. Decomain and S. Wrobel, "Active hidden Markov models for information extraction", IDA 2001, which
    takes the mean margin of the tokens.

    Examples
    --------
    >>> token_margin([[[0.5, 0.5], [1.0, 0.0]]]).tolist()
    [0.5]
    """
    return _scored(proba, mask, uncertainty.margin, aggregate)


def _surprise(tokens: Floats) -> Scores:
    return np.asarray(-np.log(check_proba(tokens).max(axis=1).astype(np.float64)))


def _scored(
    proba: TokenProba, mask: npt.ArrayLike | None, of_tokens: Callable[[Floats], Scores], aggregate: str
) -> Scores:
    check_aggregate(aggregate, get_args(Aggregate))
    sequences = _as_sequences(proba, mask)
    parts = [np.empty(0)]
    for first, tokens, lengths in _blocks(sequences):
        try:
            values = of_tokens(tokens) if len(tokens) else np.empty(0)
        except InvalidProbabilities:
            _refuse_first_bad(sequences, first)
            raise
        # Rows may sum to a little more than 1, and then seem more certain than certain; the sum turns -0 into 0.
        parts.append(aggregated(np.maximum(values, 0) + 0.0, lengths, aggregate, empty=0.0))
    return np.concatenate(parts)


class _Padded(Sequence[Floats]):
    """The sequences of an (m, t, k) array, each without its padding."""

    def __init__(self, values: Floats, mask: npt.NDArray[np.bool_]) -> None:
        self.values, self.mask = values, mask

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: Any) -> Any:
        return self.values[at][self.mask[at]]


def _as_sequences(proba: TokenProba, mask: npt.ArrayLike | None) -> Sequence[Floats]:
    if isinstance(proba, np.ndarray) and proba.ndim == 3:  # noqa: PLR2004 - sequences, tokens, classes
        return _Padded(proba, _checked_mask(mask, proba.shape[:2]))
    if mask is not None:
        raise InvalidInput(
            "a mask came with a list of sequences",
            expected="a mask with one array of shape (m, t, k)",
            fix="leave the padding out of the list, or np.stack it",
        )
    sequences = [_as_tokens(each, at) for at, each in enumerate(proba)]
    classes = {each.shape[1] for each in sequences if len(each)}
    if len(classes) > 1:
        raise InvalidInput(f"the sequences have {sorted(classes)} classes", expected="as many classes in each")
    return sequences


def _as_tokens(sequence: npt.ArrayLike, at: int) -> Floats:
    try:
        tokens = np.asarray(sequence)
        tokens = tokens if tokens.dtype in (np.float32, np.float64) else tokens.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidProbabilities(f"sequence {at} cannot be read as numbers: {error}") from error
    if tokens.ndim and not len(tokens):
        return np.empty((0, 2))
    if tokens.ndim != 2:  # noqa: PLR2004 - tokens and classes
        raise InvalidProbabilities(
            f"sequence {at} has shape {tokens.shape}",
            expected="a (t, k) array: one row per token, one column per class",
        )
    return tokens


def _checked_mask(mask: npt.ArrayLike | None, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    if mask is None:
        return np.broadcast_to(np.True_, shape)
    given = np.asarray(mask)
    if given.shape != shape or not np.isin(given, (0, 1)).all():
        raise InvalidInput(
            f"the mask has shape {given.shape} and type {given.dtype}",
            expected=f"shape {shape}, true or 1 for a token, false or 0 for padding",
        )
    return given.astype(np.bool_)


def _blocks(sequences: Sequence[Floats]) -> Iterator[tuple[int, Floats, npt.NDArray[np.intp]]]:
    """Yield the number of a block's first sequence, the block's tokens, and how many each of its sequences has."""
    first, held = 0, 0
    block: list[Floats] = []
    for at in range(len(sequences)):
        block.append(sequences[at])
        held += len(block[-1])
        if held >= _BLOCK_TOKENS or at == len(sequences) - 1:
            tokens = np.concatenate([each for each in block if len(each)] or [block[0]])
            yield first, tokens, np.array([len(each) for each in block], dtype=np.intp)
            first, held, block = at + 1, 0, []


def _refuse_first_bad(sequences: Sequence[Floats], first: int) -> None:
    for at in range(first, len(sequences)):
        try:
            if len(sequences[at]):
                check_proba(sequences[at])
        except InvalidProbabilities as error:
            found = f"sequence {at}, a row for each token: {error.found}"
            raise InvalidProbabilities(found, expected=error.expected, fix=error.fix) from error
