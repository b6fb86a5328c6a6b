"""In a Lambda function: what deciding about one prediction loads, and the handler that the documentation shows."""

import inspect
import json
import subprocess
import sys
from types import SimpleNamespace

from a2i_al.loops.requests.names import human_loop_name
from a2i_al.routing import Confidence, Router

HEAVY = [
    "numpy",
    "pandas",
    "scipy",
    "sklearn",
    "numba",
    "pyarrow",
    "boto3",
    "botocore",
    "matplotlib",
    "zoneinfo",
    "tqdm",
]
CODE = f"""
import sys
from a2i_al.routing import ActivationConditions, Always, Column, Confidence, Percentage, Router

rules = [Confidence(below=0.8), Column("amount", ">", 9), Percentage(5), Always(["1"]), ActivationConditions("{{}}")]
router = Router.from_dict(Router(rules, budget_per_day=5).to_dict())
decision = router.decide({{"predicted_label": "a", "confidence": 0.5, "amount": 1}}, item_id="7")
Router.from_dict(router.to_dict(), state=router.state())
decision.to_dict()
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_deciding_about_one_prediction_loads_neither_numpy_nor_pandas_nor_any_service():
    said = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_handler_in_the_documentation_starts_a_loop_for_what_is_reviewed_and_for_nothing_else(monkeypatch):
    """It is short, it runs as it stands, and a repeated event asks for the loop of the same name."""
    lines = inspect.getdoc(Router).splitlines()
    begin = next(at for at, line in enumerate(lines) if line.endswith("::"))
    code = inspect.cleandoc("\n".join(lines[begin + 2 : lines.index("Examples")]))
    assert len(code.splitlines()) <= 22
    started = []
    client = SimpleNamespace(start_human_loop=lambda **request: started.append(request))
    monkeypatch.setitem(sys.modules, "boto3", SimpleNamespace(client=lambda _: client))
    monkeypatch.setenv("FLOW_DEFINITION_ARN", "arn:aws:sagemaker:eu-west-1:000000000000:flow-definition/intents")
    monkeypatch.setenv("ROUTER", json.dumps(Router([Confidence(below=0.8)]).to_dict()))
    scope = {}
    exec(code, scope)  # noqa: S102 - the documentation's own words
    for confidence in (0.5, 0.9):
        event = {"item_id": "7", "item": {"text": "hi"}, "prediction": {"confidence": confidence}}
        assert scope["handler"](event, None)["review"] is (confidence < 0.8)
    [request] = started
    assert request["HumanLoopName"] == human_loop_name(request["FlowDefinitionArn"], "7")
    content = json.loads(request["HumanLoopInput"]["InputContent"])
    assert content == {"text": "hi", "a2i_al": {"item_id": "7"}}
