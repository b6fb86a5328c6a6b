"""In a Lambda function: what deciding about one prediction loads, and the handler that the documentation shows."""

import inspect
import json
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

import a2i_al as al
from a2i_al import routing
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.requests.names import human_loop_name
from a2i_al.loops.requests.planning import plan
from a2i_al.routing import Confidence, Decision, Router

FLOW = "arn:aws:sagemaker:eu-west-1:000000000000:flow-definition/intents"

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


def documented():
    """Return the handler's code as the documentation has it."""
    return inspect.cleandoc(inspect.getdoc(routing).partition("::\n")[2])


@pytest.fixture
def handled(monkeypatch):
    """Run the documented handler on events with a client for A2I, and return what it says of each."""

    def handled(flow, client, events):
        monkeypatch.setitem(sys.modules, "boto3", SimpleNamespace(client=lambda _: client))
        monkeypatch.setenv("FLOW_DEFINITION_ARN", flow)
        monkeypatch.setenv("ROUTER", json.dumps(Router([Confidence(below=0.8)]).to_dict()))
        scope = {}
        exec(documented(), scope)  # noqa: S102 - the documentation's own words
        monkeypatch.undo()
        return [scope["handler"](event, None) for event in events]

    return handled


def events_of(items, predictions):
    """Return what a handler is called with, as JSON has it: a row of items, and what the model said of it."""
    pairs = zip(items.to_dict("records"), predictions.to_dict("records"), strict=True)
    return json.loads(json.dumps([{"item": item, "prediction": said} for item, said in pairs]))


ITEMS = pd.DataFrame({"item_id": ["1", "2", "3"], "text": ["Grüezi", "late", "broken"], "stars": [1, 5, 2]})
PREDICTIONS = pd.DataFrame(
    {"item_id": ITEMS["item_id"], "predicted_label": "ham", "confidence": [0.5, 0.9, None], "model_version": "v1"}
).astype({"confidence": object})


def test_the_handler_in_the_documentation_starts_a_loop_for_what_is_reviewed_and_for_nothing_else(handled):
    """It is short, it runs as it stands, and a repeated event asks for the loop of the same name."""
    assert len(documented().splitlines()) <= 28
    started = []
    client = SimpleNamespace(start_human_loop=lambda **request: started.append(request))
    said = handled(FLOW, client, events_of(ITEMS, PREDICTIONS) * 2)
    assert [each["review"] for each in said] == [True, False, True] * 2
    assert [each["HumanLoopName"] for each in started] == [human_loop_name(FLOW, i, "v1") for i in "13"] * 2


def test_what_the_documented_handler_asked_is_not_asked_again_by_submit(handled, embedded, tmp_path):
    """Same name, same InputContent to the letter: the ledger takes the loops over, and the answers are their items'."""
    flow = al.Workflow.local("handled", template="text-classification", labels=["spam", "ham"], home=embedded.home)
    a2i, sent = flow.connection.a2i, {}

    def start(**request):
        sent[request["HumanLoopName"]] = request["HumanLoopInput"]["InputContent"]
        return a2i.start_human_loop(**request)

    said = handled(flow.arn, SimpleNamespace(start_human_loop=start), events_of(ITEMS, PREDICTIONS))
    picks = Router().picks([Decision(**each) for each in said])
    predictions = PREDICTIONS.astype({"confidence": float})
    planned = plan(flow.arn, ITEMS, picks, predictions=predictions, ledger=Ledger(tmp_path / "ledger.sqlite3"))
    assert {request.name: request.content for request in planned.requests} == sent
    batch = flow.submit(ITEMS, picks, predictions=predictions, progress=False)
    loops = a2i.list_human_loops(FlowDefinitionArn=flow.arn)["HumanLoopSummaries"]
    assert set(batch.loops()["human_loop_name"]) == {each["HumanLoopName"] for each in loops} == set(sent)
    assert len(sent) == 2


def test_the_handler_loads_neither_numpy_nor_pandas():
    imports = "\n".join(line for line in documented().splitlines() if line.startswith("from a2i_al"))
    call = 'input_content({"text": "hi"}, item_id="7", model_version="v1", round=0, request_id="r", prediction=None)'
    code = f"import sys\n{imports}\n{call}\nprint([name for name in {HEAVY} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
