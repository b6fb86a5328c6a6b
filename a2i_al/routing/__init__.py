"""One prediction in, whether a person should see it out. Pure; numpy and pandas load with the first table.

In a Lambda function (this loads neither numpy nor pandas), asking what `Workflow.submit` would ask of the same item
and model version, without `redact=` and `as_files=`: one human loop, and neither buys the review again::

    import json, os
    import boto3
    from a2i_al.loops.requests.names import human_loop_name, request_id
    from a2i_al.loops.requests.payload import input_content
    from a2i_al.routing import Router

    FLOW = os.environ["FLOW_DEFINITION_ARN"]
    router = Router.from_dict(json.loads(os.environ["ROUTER"]))
    a2i = boto3.client("sagemaker-a2i-runtime")

    def handler(event, context):
        item, said = event["item"], event["prediction"]  # a row of items and of predictions, as `submit` takes them
        decision = router.decide(said, item_id=item["item_id"])
        if decision.review:
            asked = {"item_id": decision.item_id, "model_version": said["model_version"], "round": 0}
            content = input_content(
                item, **asked, request_id=request_id(FLOW, **asked),
                prediction={"label": said["predicted_label"], "confidence": said["confidence"]},
            )
            a2i.start_human_loop(
                HumanLoopName=human_loop_name(FLOW, **asked),
                FlowDefinitionArn=FLOW,
                HumanLoopInput={"InputContent": content},
            )
        return decision.to_dict()
"""

from __future__ import annotations

from a2i_al.routing.activation import ActivationConditions
from a2i_al.routing.column import Column
from a2i_al.routing.confidence import Confidence, Margin
from a2i_al.routing.decision import Decision
from a2i_al.routing.joined import And, Or
from a2i_al.routing.lists import Always, Never
from a2i_al.routing.percentage import Percentage
from a2i_al.routing.router import Router
from a2i_al.routing.rule import Rule
from a2i_al.routing.verdict import Verdict

__all__ = [
    "ActivationConditions",
    "Always",
    "And",
    "Column",
    "Confidence",
    "Decision",
    "Margin",
    "Never",
    "Or",
    "Percentage",
    "Router",
    "Rule",
    "Verdict",
]
