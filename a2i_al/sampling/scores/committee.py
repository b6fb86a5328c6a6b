"""Committee scores: class probabilities of several models in, one number per item out, higher where they disagree.

They are computed in the precision of the probabilities: in float32 to within 1e-6, in float64 to within 1e-14 (with
thousands of classes 1e-13), times ln k where that is more than 1. The classes may be in any order: no bit of a score
goes by it, so that items whose members say the same of other classes tie.
"""

from __future__ import annotations

import numpy.typing as npt

from a2i_al.sampling.scores.committee_blocks import Scores, scored


def vote_entropy(committee: npt.ArrayLike) -> Scores:
    """Score how spread out the members' votes are: the entropy of the shares of votes that the classes get.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items. A member votes for its most probable class; where several are
        equally probable, its vote is shared between them, so that the order of the classes does not matter.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (unanimous) to ln min(c, k) (nats) for undivided votes. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    I. Dagan and S. Engelson, "Committee-based sampling for training probabilistic classifiers", ICML 1995.

    Examples
    --------
    >>> vote_entropy([[[0.9, 0.1], [0.9, 0.1]], [[0.6, 0.4], [0.2, 0.8]]]).round(4).tolist()
    [0.0, 0.6931]
    """
    return scored(committee, "vote_entropy")


def variation_ratio(committee: npt.ArrayLike) -> Scores:
    """Score the share of members that vote against the most popular class.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items; votes as in `vote_entropy`.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (unanimous) to 1 - 1/min(c, k) for undivided votes. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    L. Freeman, "Elementary applied statistics", 1965; for the passes of a network with dropout Y. Gal, R. Islam and
    Z. Ghahramani, "Deep Bayesian active learning with image data", ICML 2017.

    Examples
    --------
    >>> variation_ratio([[[0.9, 0.1], [0.9, 0.1]], [[0.6, 0.4], [0.2, 0.8]]]).tolist()
    [0.0, 0.5]
    """
    return scored(committee, "variation_ratio")


def consensus_entropy(committee: npt.ArrayLike) -> Scores:
    """Score how uncertain the members are together: the entropy of their mean probabilities.

    It is high both where the members disagree and where all of them are unsure; `bald` is the first part alone.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 to ln k, in nats. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    B. Settles, "Active learning literature survey", 2009, section 3.2 ("soft" vote entropy).

    Examples
    --------
    >>> consensus_entropy([[[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]]).round(4).tolist()
    [0.0, 0.6931]
    """
    return scored(committee, "consensus_entropy")


def kl_to_consensus(committee: npt.ArrayLike) -> Scores:
    """Score how far the members are from what they say together: their mean divergence from the mean probabilities.

    This mean of Kullback-Leibler divergences is the same number as `bald`, reached from the other side.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (all say the same) to ln min(c, k), in nats. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    A. McCallum and K. Nigam, "Employing EM and pool-based active learning for text classification", ICML 1998.

    Examples
    --------
    >>> kl_to_consensus([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [0.5, 0.5]]]).round(4).tolist()
    [0.6931, 0.0]
    """
    return scored(committee, "mutual_information")


def bald(committee: npt.ArrayLike) -> Scores:
    """Score what a label would tell about the model: the mutual information of label and committee member.

    It is the entropy of the mean minus the mean entropy: low where all members are unsure alike, as noise makes them.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 to ln min(c, k), in nats. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    N. Houlsby, F. Huszár, Z. Ghahramani and M. Lengyel, "Bayesian active learning for classification and preference
    learning", arXiv:1112.5745, 2011, equation 2.

    Examples
    --------
    >>> bald([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [0.5, 0.5]]]).round(4).tolist()
    [0.6931, 0.0]
    """
    return scored(committee, "mutual_information")
