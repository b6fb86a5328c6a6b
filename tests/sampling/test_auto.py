"""The default strategy: what it chooses by what is known; uncertainty is trusted as far as labels bear it out."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample
from a2i_al.sampling.auto import decide, skill

RNG = np.random.default_rng(0)
PROBA, FEATURES = RNG.dirichlet([1, 1, 1], 60), RNG.normal(size=(60, 3))
APART = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], 5, axis=0) + RNG.normal(size=(15, 2)) / 10
CLASSES = np.repeat(["a", "b", "c"], 5)


def chosen(*given, **more):
    return set(sample(*given, random_state=0, **more)["strategy"])


def test_what_is_known_decides():
    """Probabilities alone, features alone, both, scores of one's own, or money: each has its strategy, and shows it."""
    assert chosen(PROBA, 5) == {"auto: margin"}
    assert chosen(None, 5, features=FEATURES) == {"auto: max_herding"}
    assert chosen(PROBA, 5, features=FEATURES) == {"auto: uncertainty_herding"}
    assert chosen(None, 5, scores=PROBA[:, 0]) == {"auto: given_scores"}
    assert chosen(PROBA, 5, features=FEATURES, costs=np.ones(60)) == {"auto: margin"}
    assert chosen(iter([PROBA[:30], PROBA[30:]]), 5, audit_fraction=0.2) == {"auto: margin", "audit"}


def test_with_nothing_to_choose_by_it_says_what_to_pass():
    """Ids alone are no reason to prefer an item."""
    with pytest.raises(InvalidInput, match=r"neither probabilities nor features.*features="):
        sample(None, 2, item_ids=["a", "b", "c"])


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, lambda texts: np.array(texts, dtype=object)])
def test_an_estimator_over_texts_is_sampled_by_its_probabilities(kind):
    """Texts are no vectors whose distance could be measured."""
    texts = [f"word{number % 3} number{number}" for number in range(30)]
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(texts, np.arange(30) % 3)
    given = {"features": kind(texts), "labelled_features": kind(texts[:6]), "labelled_labels": [0, 1, 2] * 2}
    assert chosen(model, 5, **given) == {"auto: margin"}


def test_a_regressor_has_no_margins():
    """Its features are all there is to go by."""
    assert chosen(Ridge().fit(FEATURES, FEATURES[:, 0]), 5, features=FEATURES) == {"auto: max_herding"}


@pytest.mark.parametrize(
    ("labelled", "labels", "message"),
    [
        (FEATURES[:4], [1, 2], "labelled_features has 4, labelled_labels has 2 rows"),
        (FEATURES[:2], [1, 2, 3, 1], "labelled_features has 2, labelled_labels has 4 rows"),
        (FEATURES[:4, :2], [1, 2, 1, 2], "labelled_features has 2 columns, features has 3"),
        (FEATURES[:4] * np.nan, [1, 2, 1, 2], "missing or infinite, first in row 0"),
        (FEATURES[:4], [1, "a", None, 2], "label of labelled item 2 is missing"),
    ],
)
def test_labelled_items_that_do_not_fit_together_are_refused(labelled, labels, message):
    """With an error of ours, before anything is chosen."""
    with pytest.raises(InvalidInput, match=message):
        sample(PROBA, 3, features=FEATURES, labelled_features=labelled, labelled_labels=labels)


def test_labels_may_be_of_several_kinds_and_features_sparse():
    """Labels are only compared, and a sparse matrix is a matrix."""
    given = {"labelled_features": sparse.csr_matrix(FEATURES[:4]), "labelled_labels": [1, "a", 1, 2.5]}
    assert chosen(PROBA, 3, features=sparse.csr_matrix(FEATURES), **given) == {"auto: uncertainty_herding"}


def test_given_scores_are_followed():
    """The highest come first."""
    picks = sample(None, 3, scores=[0.1, 5.0, 3.0, 4.0], item_ids=list("wxyz"), random_state=0)
    assert picks["item_id"].tolist() == ["x", "z", "y"]
    assert picks["score"].tolist() == [5.0, 4.0, 3.0]


def test_skill_is_one_where_neighbours_share_their_label():
    """Three clusters of one class each."""
    assert skill(APART, CLASSES) == 1.0


def test_skill_is_zero_where_labels_have_nothing_to_do_with_features():
    """And with too few labels to tell."""
    assert skill(np.zeros((15, 2)), RNG.permutation(CLASSES)) < 0.3
    assert skill(APART, ["a", "b"] * 7 + ["a"]) < 0.3
    assert skill(None, None) == skill([[1.0]], ["a"]) == 0.0


def test_a_class_of_one_item_cannot_vouch_for_itself():
    """Without it nothing of its class is left, so that its label is never told right."""
    assert skill([[0.0], [0.2], [9.0], [9.1], [50.0]], ["a", "a", "b", "b", "c"]) == pytest.approx(
        (4 / 5 - 2 / 5) / (3 / 5)
    )


def test_one_label_for_all_tells_nothing_against_the_model():
    """There is no other class to take an item for."""
    assert skill(APART, ["a"] * 15) == 1.0


def test_skill_does_not_depend_on_the_order_or_the_scale_of_the_features():
    """Labels stay with their rows, and units do not matter."""
    order = RNG.permutation(15)
    noisy = CLASSES.copy()
    noisy[[0, 7]] = "c"
    assert 0 < skill(APART, noisy) < 1
    assert skill(APART[order] * 1e4 + 7, noisy[order]) == pytest.approx(skill(APART, noisy))


def test_the_more_labels_teach_the_narrower_the_choice():
    """Ten candidates for each place once neighbours tell labels; many more while they do not."""

    def knobs(labels):
        given = {"proba": PROBA, "features": FEATURES, "labelled_features": APART, "labelled_labels": labels}
        return decide(given).strategy.function.keywords

    assert knobs(CLASSES) == {"beta": 10.0, "power": 2.0}
    lost = knobs(np.tile(["a", "b", "c"], 5))
    assert lost["beta"] > 20
    assert lost["power"] < 1


def test_without_skill_the_choice_represents_the_pool():
    """With margins that mean nothing, every cluster gets its share, the confident ones too."""
    features = np.concatenate([APART] * 4)
    proba = np.where(np.arange(60)[:, None] % 15 < 5, [[0.4, 0.3, 0.3]], [[0.98, 0.01, 0.01]])
    picks = sample(pd.DataFrame(proba), 3, features=features, random_state=0)
    assert set(picks["item_id"].astype(int) % 15 // 5) == {0, 1, 2}
