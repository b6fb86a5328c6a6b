"""What a cycle chooses: from what is left, by what is known, the same again for the same round."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from a2i_al.errors import InvalidInput
from a2i_al.retrain.choice import Choice
from a2i_al.retrain.pool import Pool
from a2i_al.retrain.trainer import InProcessTrainer
from a2i_al.tables import LABELS, PICKS, PREDICTIONS

N = 20
ITEMS = pd.DataFrame({"item_id": [f"i{k:02d}" for k in range(N)]})
POOL = Pool.of(ITEMS, np.linspace(0, 1, N)[:, None], {"i00": "no", "i19": "yes"})
TRAINER = InProcessTrainer(LogisticRegression())


def labelled(*numbers):
    rows = [{"item_id": f"i{k:02d}", "label": "no", "status": "agreed", "method": "majority"} for k in numbers]
    return LABELS.from_rows(rows)


def pick(labels=LABELS.empty(), *, n=4, number=0, random_state=0, audit_fraction=0.5):  # noqa: B008 - not changed
    return Choice.of(n, "margin", audit_fraction, random_state).pick(number, POOL, labels, TRAINER)


def test_picks_come_with_what_the_model_made_of_them():
    """Both are tables of the house, about the same items, of this round; neither seeds nor labelled items are in it."""
    picks, predictions = pick(labelled(9, 10), number=3)
    assert PICKS.check(picks)["round"].tolist() == [3] * 4
    assert set(PREDICTIONS.check(predictions)["item_id"]) == set(picks["item_id"])
    assert not set(picks["item_id"]) & {"i00", "i19", "i09", "i10"}


def test_the_draw_is_a_function_of_the_seed_and_the_round():
    """A crash before the picks were written changes nothing; another round draws other items."""
    drawn = [tuple(pick(number=number, random_state=seed)[0]["item_id"]) for seed, number in [(0, 0), (0, 1), (1, 0)]]
    assert drawn[0] == tuple(pick()[0]["item_id"])
    assert len(set(drawn)) == 3


def test_what_only_the_model_reads_is_no_vector():
    """Gaps are nothing to a boosted model: the default strategy goes by its probabilities."""
    features = np.column_stack([np.linspace(0, 1, N), np.linspace(1, 2, N)])
    features[9, 1] = np.nan
    pool = Pool.of(ITEMS, features, {"i00": "no", "i01": "no", "i18": "yes", "i19": "yes"})
    trainer = InProcessTrainer(HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=1))
    picks, _ = Choice.of(4, "auto", 0.0, 0).pick(0, pool, LABELS.empty(), trainer)
    assert set(picks["strategy"]) == {"auto: margin"}
    # The gap is labelled now, and what is left has none.
    picks, _ = Choice.of(4, "auto", 0.0, 0).pick(1, pool, labelled(9), trainer)
    assert set(picks["strategy"]) == {"auto: margin"}
    with pytest.raises(InvalidInput, match="features has a value that is missing"):
        Choice.of(4, "k_center", 0.0, 0).pick(0, pool, LABELS.empty(), trainer)


@pytest.mark.parametrize(("labels", "left"), [(labelled(*range(1, 17)), 2), (labelled(*range(1, 19)), None)])
def test_the_last_round_takes_what_is_left_and_then_there_is_none(labels, left):
    """Fewer than asked for are no error."""
    chosen = pick(labels)
    assert (chosen and len(chosen[0])) == left


def test_settings_are_json_that_tells_strategies_apart():
    """Numbers of numpy are plain ones; what is called is known by its name."""

    def mine(_):
        raise NotImplementedError

    assert Choice.of(np.int64(4), mine, np.float64(0.5), np.int64(0)).settings == {
        "n": 4,
        "strategy": "mine",
        "audit_fraction": 0.5,
        "random_state": 0,
    }
