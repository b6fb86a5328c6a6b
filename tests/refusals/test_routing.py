"""What routers and their rules are given."""

import pandas as pd

from a2i_al.routing import (
    ActivationConditions,
    Always,
    And,
    Column,
    Confidence,
    Margin,
    Never,
    Or,
    Percentage,
    Router,
    Rule,
)

TABLE = pd.DataFrame({"item_id": ["a", "b"], "confidence": [0.5, 0.9]})
CONDITION = {"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": 5}}
ROUTER = Router([Confidence(below=0.8)], budget_per_day=5)

CALLS = {
    "Router": (
        Router,
        {
            "rules": [Confidence(below=0.8)],
            "budget_per_day": 5,
            "score": "margin",
            "tz": "UTC",
            "random_state": 0,
            "state": None,
        },
        {"rules": "list dict", "budget_per_day": "three", "score": "text blank", "random_state": "negative three"},
    ),
    "Router.decide": (
        ROUTER.decide,
        {"prediction": {"confidence": 0.5}, "item_id": "x", "now": None, "still_to_come": 4},
        {"item_id": "text negative three", "still_to_come": "three"},
        {"now": "moment|now"},
    ),
    "Router.decide_table": (
        ROUTER.decide_table,
        {"predictions": TABLE, "now": None},
        {},
        {"now": "moment|now|junk|''"},
    ),
    "Router.picks": (ROUTER.picks, {"decisions": []}, {"decisions": "list dict"}),
    "Router.from_dict": (Router.from_dict, {"document": ROUTER.to_dict(), "state": ROUTER.state()}),
    "Rule.from_dict": (Rule.from_dict, {"document": {"rule": "Percentage", "percent": 5}}),
    "ActivationConditions": (
        ActivationConditions,
        {"conditions": {"Conditions": [CONDITION]}, "words": "each"},
        {"conditions": "blank dict"},
    ),
    "Always": (Always, {"ids": ["a"]}, {"ids": "list dict"}),
    "Never": (Never, {"ids": ["a"]}, {"ids": "list dict"}),
    "Column": (
        Column,
        {"column": "amount", "op": ">", "value": 3},
        {"column": "text blank", "value": "text blank negative three"},
    ),
    "Column, one of several": (
        Column,
        {"column": "country", "op": "in", "value": ["CH"]},
        {"column": "text blank", "value": "list"},
    ),
    "Confidence": (
        Confidence,
        {"below": 0.5, "per_class": {"a": 0.5}, "column": "confidence"},
        {"per_class": "dict", "column": "text blank"},
    ),
    "Margin": (Margin, {"below": 0.5}),
    "Percentage": (Percentage, {"percent": 5, "salt": ""}, {"percent": "three", "salt": "text blank"}),
    "And": (lambda rule: And(Margin(0.5), rule), {"rule": Margin(0.5)}),
    "Or": (lambda rule: Or(Margin(0.5), rule), {"rule": Margin(0.5)}),
}


def test_what_is_right_is_taken(name):
    """So what is refused below is refused for the one argument that is not."""
    function, given, *_ = CALLS[name]
    function(**given)


def test_rubbish_is_refused_by_its_name(faults, name, argument):
    """With an error of this package's own that says what was expected."""
    assert faults(CALLS[name], argument) == []
