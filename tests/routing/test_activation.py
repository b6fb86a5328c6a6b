"""HumanLoopActivationConditions: on raw responses as AWS documents them, on any task's rows, and with its limits."""

import json
from decimal import Decimal

import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.routing import ActivationConditions, Router
from a2i_al.routing.table import PredictionTable

SAMPLING = {"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": 5}}


def moderation(name, **limits):
    """Return a condition on a moderation label."""
    parameters = {"ModerationLabelName": name, **{f"Confidence{k}": v for k, v in limits.items()}}
    return {"ConditionType": "ModerationLabelConfidenceCheck", "ConditionParameters": parameters}


def form_key(key, *aliases, **limits):
    """Return a condition on a form key."""
    parameters = {"ImportantFormKey": key, "ImportantFormKeyAliases": list(aliases), **limits}
    return {"ConditionType": "ImportantFormKeyConfidenceCheck", "ConditionParameters": parameters}


def missing_key(key, *aliases):
    """Return a condition on a form key that is not there."""
    parameters = {"ImportantFormKey": key, "ImportantFormKeyAliases": list(aliases)}
    return {"ConditionType": "MissingImportantFormKey", "ConditionParameters": parameters}


def rule(*conditions, **settings):
    """Return conditions as a rule, by way of JSON text."""
    return ActivationConditions(json.dumps({"Conditions": list(conditions)}), **settings)


def holds(conditions, prediction):
    """Return whether a condition holds for a prediction; the table of one row must say the same."""
    frame = pd.DataFrame([{"item_id": "1", **prediction}])
    alone = conditions.judge(prediction, "1").fired
    assert conditions.judge_table(PredictionTable(frame)).fired.tolist() == [alone]
    return alone


def nested(depth):
    """Return conditions within conditions, as a mapping."""
    condition = SAMPLING
    for _ in range(depth):
        condition = {"And": [SAMPLING, condition]}
    return condition


def labels(*pairs):
    """Return a response of DetectModerationLabels."""
    return {"ModerationLabels": [{"Name": n, "Confidence": c, "ParentName": ""} for n, c in pairs]}


def form(*pairs):
    """Return a response of AnalyzeDocument with these keys, block confidences and confidences of words."""
    blocks = [{"Id": "page", "BlockType": "PAGE"}]
    for at, (key, confidence, words) in enumerate(pairs):
        texts = key.split()
        ids = [f"w{at}-{i}" for i in range(len(words))]
        key_ids, value_ids = ids[: len(texts)], ids[len(texts) :]
        relations = [{"Type": "CHILD", "Ids": key_ids}, {"Type": "VALUE", "Ids": [f"v{at}"]}]
        value = [{"Type": "CHILD", "Ids": value_ids}] if value_ids else []
        kind = {"BlockType": "KEY_VALUE_SET", "Confidence": confidence}
        blocks += [
            {"Id": f"k{at}", **kind, "EntityTypes": ["KEY"], "Relationships": relations},
            {"Id": f"v{at}", **kind, "EntityTypes": ["VALUE"], "Relationships": value},
        ]
        all_texts = [*texts, *["value"] * len(value_ids)]
        blocks += [
            {"Id": i, "BlockType": "WORD", "Text": text, "Confidence": word}
            for i, text, word in zip(ids, all_texts, words, strict=True)
        ]
    return {"DocumentMetadata": {"Pages": 1}, "Blocks": blocks}


def camel(value):
    """Return a response in the spelling of A2I's own inputs."""
    if isinstance(value, dict):
        return {k[0].lower() + k[1:]: camel(v) for k, v in value.items()}
    return [camel(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("limits", "meeting", "failing"),
    [
        ({"Equals": 75}, 75, 75.1),
        ({"LessThan": 75}, 74.9, 75),
        ({"LessThanEquals": 75}, 75, 75.1),
        ({"GreaterThan": 75}, 75.1, 75),
        ({"GreaterThanEquals": 75}, 75, 74.9),
        ({"GreaterThanEquals": 60, "LessThan": 75}, 60, 75),
    ],
)
def test_a_moderation_label_is_checked_by_every_comparison(limits, meeting, failing):
    """On a response of Rekognition in per cent, and on a class's probability."""
    check = rule(moderation("Suggestive", **limits))
    assert holds(check, labels(("Violence", failing), ("Suggestive", meeting)))
    assert not holds(check, labels(("Violence", meeting), ("Suggestive", failing)))
    assert holds(check, {"proba_Suggestive": meeting / 100})
    assert not holds(check, {"proba_Suggestive": failing / 100})


def test_a_label_is_case_sensitive_and_a_star_is_any():
    assert not holds(rule(moderation("suggestive", GreaterThan=50)), labels(("Suggestive", 90.0)))
    assert holds(rule(moderation("*", GreaterThan=50)), labels(("Suggestive", 90.0)))
    assert not holds(rule(moderation("*", GreaterThan=50)), labels())


def test_a_row_of_predictions_has_the_label_that_was_predicted():
    """`*` is that one; a threshold is exact though 100 × 0.29 is a little less than 29."""
    row = {"predicted_label": "cancel", "confidence": 0.29}
    assert holds(rule(moderation("cancel", Equals=29)), row)
    assert not holds(rule(moderation("cancel", LessThan=29)), row)
    assert not holds(rule(moderation("other", LessThan=50)), row)
    assert holds(rule(moderation("*", LessThan=50)), row)
    assert not holds(rule(moderation("*")), {"predicted_label": "cancel", "confidence": None})


def test_a_pair_is_found_by_its_key_or_an_alias_and_both_ranges_must_be_met():
    check = rule(form_key("Pay Date", "PayDate", KeyValueBlockConfidenceLessThan=65, WordBlockConfidenceLessThan=85))
    assert holds(check, form(("Name", 99.0, [99.0]), ("Pay Date", 60.0, [80.0, 70.0, 60.0])))
    assert holds(check, form(("PayDate", 60.0, [80.0])))
    assert not holds(check, form(("Pay date", 60.0, [80.0, 80.0])))
    assert not holds(check, form(("Pay Date", 65.0, [80.0, 80.0])))
    assert not holds(check, form(("Pay Date", 60.0, [80.0, 85.0])))
    assert not holds(check, form())


def test_each_word_must_meet_its_range_or_any_if_that_is_wanted():
    """AWS's pages say both; the words are those of the key and of the value."""
    condition = form_key("*", WordBlockConfidenceLessThan=85)
    response = form(("Total", 99.0, [99.0, 20.0]))
    assert not holds(rule(condition), response)
    assert holds(rule(condition, words="any"), response)


def test_the_spelling_of_a2is_own_inputs_is_read_too():
    check = rule(form_key("Total", KeyValueBlockConfidenceLessThan=65), moderation("Violence"))
    assert check.judge(camel(form(("Total", 60.0, [99.0]))) | camel(labels()), "1").fired
    assert check.judge(camel(form()) | camel(labels(("Violence", 1.0))), "1").fired
    assert not check.judge(camel(form()) | camel(labels()), "1").fired


def test_the_lower_confidence_of_key_and_value_counts():
    response = form(("Total", 90.0, [99.0]))
    response["Blocks"][2]["Confidence"] = 50.0
    assert holds(rule(form_key("Total", KeyValueBlockConfidenceEquals=50)), response)


def test_a_missing_key_is_one_whose_aliases_are_missing_too():
    check = rule(missing_key("Mailing Address", "Mailing Address:"))
    assert holds(check, form(("Phone", 99.0, [99.0])))
    assert not holds(check, form(("Mailing Address:", 99.0, [99.0, 99.0])))


def test_fields_of_any_form_are_keys_with_a_confidence_beside_them():
    """Columns <key> and confidence_<key>; blank is not found."""
    row = {"total": "12.00", "confidence_total": 0.7, "date": " ", "confidence_date": None}
    assert holds(
        rule(form_key("sum", "total", KeyValueBlockConfidenceLessThan=75, WordBlockConfidenceLessThan=75)), row
    )
    assert not holds(rule(form_key("total", KeyValueBlockConfidenceLessThan=75, WordBlockConfidenceLessThan=70)), row)
    assert not holds(rule(form_key("date", KeyValueBlockConfidenceLessThan=75)), row)
    assert holds(rule(form_key("*", KeyValueBlockConfidenceLessThan=75)), row)
    assert holds(rule(missing_key("date")), row)
    assert holds(rule(missing_key("name")), row)
    assert not holds(rule(missing_key("name", "total")), row)


def test_and_or_nest_two_levels_and_the_list_is_an_or():
    check = rule(
        {
            "Or": [
                {"And": [moderation("A", LessThan=99), moderation("A", GreaterThan=90)]},
                moderation("B", LessThan=50),
            ]
        },
        moderation("C", GreaterThan=10),
    )
    assert holds(check, labels(("A", 95.0)))
    assert not holds(check, labels(("A", 99.5), ("B", 60.0)))
    assert holds(check, labels(("B", 40.0)))
    assert holds(check, labels(("C", 11.0)))


def test_sampling_in_an_and_samples_what_the_other_condition_chooses():
    check = rule({"And": [SAMPLING, moderation("A", GreaterThan=90)]})
    assert check.judge(labels(("A", 95.0)), "1").probability == 0.05
    assert check.judge(labels(("A", 80.0)), "1").probability == 0.0
    assert not check.certain


def test_each_sampling_of_the_conditions_draws_by_itself():
    """Two of 50 % choose three quarters, and the rule alone and in a router agree on how likely that is."""
    half = {"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": 50}}
    check, router = rule(half, half), Router([rule(half, half)])
    for decide in (lambda i: check.judge({}, i).fired, lambda i: router.decide({}, item_id=i).review):
        assert sum(decide(str(i)) for i in range(4000)) == pytest.approx(3000, abs=140)
    assert router.decide({}, item_id="1").inclusion_probability == check.judge({}, "1").probability == 0.75


def test_a_router_names_the_condition_that_was_true():
    router = Router([rule(moderation("A", GreaterThan=90), {"Or": [missing_key("Name"), SAMPLING]})])
    decision = router.decide(labels(("A", 95.0)) | form(("Name", 90.0, [90.0])), item_id="1")
    assert decision.reasons == ("label 'A' confidence > 90",)


@pytest.mark.parametrize("document", ["", "{}", '{"Conditions": []}'])
def test_no_conditions_review_everything(document):
    assert holds(ActivationConditions(document), {"confidence": 1.0})


def test_a_single_condition_without_the_list_around_it_is_a_list_of_one():
    """As in AWS's example of MissingImportantFormKey."""
    assert holds(ActivationConditions(missing_key("Mailing Address")), form())


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ("{", "not JSON"),
        ("[]", "an object"),
        ({"Conditions": {}}, "a list"),
        ({"Conditions": [5]}, "an object"),
        ({"conditions": []}, "'conditions'"),
        ({"Conditions": [{"ConditionType": "Guess"}]}, "ImportantFormKeyConfidenceCheck, MissingImportantFormKey"),
        ({"Conditions": [{"ConditionParameters": {}}]}, "ConditionType is None"),
        ({"Conditions": [{**SAMPLING, "Extra": 1}]}, "'Extra'"),
        ({"Conditions": [{"ConditionType": "Sampling", "ConditionParameters": []}]}, "an object"),
        ({"Conditions": [{"And": [SAMPLING]}]}, "at least two"),
        ({"Conditions": [{"Or": SAMPLING}]}, "at least two"),
        ({"Conditions": [{"Or": [SAMPLING, SAMPLING], "And": []}]}, "'Or'|'And'"),
        ({"Conditions": [{"And": [SAMPLING, {"Or": [SAMPLING, {"And": [SAMPLING, SAMPLING]}]}]}]}, "3 levels"),
        (moderation(""), "ModerationLabelName is ''"),
        (moderation("A", Under=5), "'ConfidenceUnder'"),
        (moderation("A", LessThan="60"), "a number"),
        (missing_key("*"), "may be missing"),
        (form_key("A", KeyValueBlockConfidenceLess=5), "'KeyValueBlockConfidenceLess'"),
        (
            {**form_key("A"), "ConditionParameters": {"ImportantFormKey": "A", "ImportantFormKeyAliases": "B"}},
            "a list of text",
        ),
        (moderation("A" * 11_000), "at most 10,240"),
        (moderation("A", LessThan=Decimal(5)), "not JSON: .*Decimal"),
        ("[" * 5000, "not JSON"),
        ('{"Conditions":' + "[" * 3000 + "]" * 3000 + "}", "not JSON|a condition is"),
        (nested(5000), "not JSON|at most 10,240"),
    ],
)
def test_what_a2i_would_not_take_is_refused_with_what_it_would(conditions, words):
    with pytest.raises(InvalidInput, match=words):
        ActivationConditions(conditions)


@pytest.mark.parametrize("limit", [float("nan"), float("inf"), -0.1, 100.5, 600])
@pytest.mark.parametrize("as_text", [False, True])
def test_a_threshold_is_from_0_to_100(limit, as_text):
    """Anything else is never met, or always: a typing error that would be silent for ever."""
    for condition in (
        moderation("A", LessThan=limit),
        form_key("A", KeyValueBlockConfidenceGreaterThan=limit),
        form_key("A", WordBlockConfidenceLessThan=limit),
    ):
        with pytest.raises(InvalidInput, match=r"Confidence\w+ is .*from 0 to 100, per cent"):
            ActivationConditions(json.dumps(condition) if as_text else condition)


@pytest.mark.parametrize("limit", [0, 100])
def test_a_threshold_may_be_either_end(limit):
    assert rule(moderation("A", LessThanEquals=limit)).reason == f"label 'A' confidence <= {limit}"


def test_a_mapping_is_as_long_as_its_text():
    """A key in Japanese has its own characters, not the six that would escape each of them."""
    document = {"Conditions": [missing_key("支払日" * 600)]}
    for given in (document, json.dumps(document, ensure_ascii=False)):
        assert ActivationConditions(given).conditions == document
    with pytest.raises(InvalidInput, match="at most 10,240"):
        ActivationConditions({"Conditions": [missing_key("支払日" * 3600)]})


def test_a_reason_has_brackets_around_what_is_joined_within_it():
    a, b, c = (moderation(name) for name in "ABC")
    assert rule({"And": [{"Or": [a, b]}, c]}).reason == "(label 'A' or label 'B') and label 'C'"
    assert rule({"Or": [{"And": [a, b]}, c]}).reason == "(label 'A' and label 'B') or label 'C'"
    assert rule({"Or": [a, b]}).reason == rule(a, b).reason == "label 'A' or label 'B'"
    assert rule({"And": [a, b]}, c).reason == "(label 'A' and label 'B') or label 'C'"


@pytest.mark.parametrize("percent", [0, 0.001, 100.5, "5", True])
def test_a_sampling_percentage_is_from_a_hundredth_to_a_hundred(percent):
    with pytest.raises(InvalidInput, match="RandomSamplingPercentage"):
        ActivationConditions(
            {"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": percent}}
        )


def test_a_response_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="the list of objects of a service"):
        rule(moderation("*")).judge({"ModerationLabels": "Violence"}, "1")
    with pytest.raises(InvalidInput, match="words is 'all'"):
        rule(words="all")
