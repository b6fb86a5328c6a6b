"""A function of the caller's own is the one that chooses, whatever it is called."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.sampling import register, registry, sample
from a2i_al.sampling.draws.importance import importance
from a2i_al.sampling.registry import described, resolve
from a2i_al.sampling.streams import sample_stream
from a2i_al.sampling.streams.plan import Way, plan

FRAME = pd.DataFrame({"item_id": list("abcd"), "proba_n": [0.9, 0.6, 0.3, 0.05], "proba_y": [0.1, 0.4, 0.7, 0.95]})


def called(name, function):
    function.__name__ = name
    return function


@pytest.mark.parametrize("choose", [sample, sample_stream])
@pytest.mark.parametrize("name", ["margin", "entropy", "random", "auto", "density_weighted", "importance"])
def test_a_score_that_has_the_name_of_a_built_in_one_is_not_mistaken_for_it(choose, name):
    """The picks carry its scores, in memory and from a stream."""
    picks = choose(iter([FRAME]), 2, strategy=called(name, lambda proba: proba[:, 1]), random_state=0)
    assert picks["item_id"].tolist() == ["d", "c"]
    assert picks["score"].tolist() == [0.95, 0.7]
    assert set(picks["strategy"]) == {name}
    assert sample(FRAME, 2, strategy=called(name, lambda proba: proba[:, 1]))["item_id"].tolist() == ["d", "c"]


def test_a_function_is_not_mistaken_for_one_that_is_registered_by_its_name(monkeypatch):
    """Nor the registered one for it; the picks call each as the caller did."""
    monkeypatch.setattr(registry, "_registered", {})
    register("mine", lambda proba: proba[:, 0])
    own = called("mine", lambda proba: proba[:, 1])
    assert sample(iter([FRAME]), 1, strategy=own)["item_id"].tolist() == ["d"]
    picks = sample(iter([FRAME]), 1, strategy="mine")
    assert picks[["item_id", "strategy"]].to_numpy().tolist() == [["a", "mine"]]


@pytest.mark.parametrize("name", ["badge", "k_center", "density_weighted"])
def test_a_batch_function_is_carried_out_as_any_other(name):
    """What is kept for it depends on what it takes, not on what it is called."""

    def first(features, n, rng):
        return np.arange(n)

    assert plan(described(name, called(name, first)), 10).way is Way.AMONG_SAMPLE
    assert plan(resolve(partial(resolve(name).function)), 10).way is not Way.TOP
    assert plan(resolve(partial(resolve(name).function)), 10) == plan(resolve(name), 10)


def test_a_draw_with_settings_of_its_own_is_refused_where_they_would_be_lost():
    """A stream draws in its own way, which has none."""
    with pytest.raises(InvalidInput, match="'importance' came with floor of the caller's own"):
        sample_stream(iter([FRAME]), 2, strategy=partial(importance, floor=0.5))


def test_quotas_do_not_replace_a_draw_of_ones_own():
    """A draw that is called random is refused with quotas, as any draw whose chances are not known."""

    def random(proba, n, rng) -> "Drawn":  # noqa: F821 - by its name it is known
        raise NotImplementedError

    with pytest.raises(InvalidInput, match="cannot keep quotas"):
        sample(FRAME, 2, strategy=random, groups=[0, 0, 1, 1], quotas=1)
