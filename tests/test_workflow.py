"""The facade on the embedded A2I: real boto3 over real HTTP, real files, and the same answers every time."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, get_overloads, get_type_hints
from urllib.parse import urlencode

import boto3
import pandas as pd
import pytest
import urllib3

from a2i_al.batch import Batch
from a2i_al.errors import (
    A2IError,
    HomeNotWritable,
    InvalidInput,
    InvalidTable,
    InvalidTemplate,
    NotFound,
    QuarantineWarning,
    RefusedWarning,
    UnknownLabel,
)
from a2i_al.labels import consolidate
from a2i_al.local import SimulatedReviewer
from a2i_al.storage import Store, file_uri, open_store
from a2i_al.workflow import Workflow
from a2i_al.workflow.asking import Asking
from a2i_al.workflow.options import SubmitOptions

LABELS = ["spam", "ham"]
ITEMS = pd.DataFrame({"item_id": ["1", "2", "3"], "text": ["You have won!", "Lunch at one?", "Click <here>"]})
TRUTH = {"1": "spam", "2": "ham", "3": "spam"}


def reviewer(name, answers=TRUTH):
    return SimulatedReviewer(name, lambda task: {"category": {"label": answers[task["item_id"]]}})


@pytest.fixture
def make(embedded, request):
    """Make the test's own workflow on the session's embedded A2I, as often as wanted."""
    name = f"flow-{abs(hash(request.node.name)) % 10**8}"

    def make(**more):
        settings = {"template": "text-classification", "labels": LABELS, "home": embedded.home}
        return Workflow.local(name, **(settings | more))

    return make


def test_ask_answer_harvest_consolidate(make):
    """Three people answer three items: nine answers, three labels, from the files that A2I would have written."""
    flow = make(reviewers=3)
    batch = flow.submit(ITEMS, progress=False)
    assert batch.status().to_dict() == {"InProgress": 3}
    assert flow.simulate([reviewer("Ana"), reviewer("Ben"), reviewer("Cleo", TRUTH | {"2": "spam"})]) == 9
    loops = batch.wait(timeout=0, progress=False)
    assert set(loops["status"]) == {"Completed"}
    answers = batch.harvest()
    assert len(answers) == 9
    labels = consolidate(answers, "category", reviewers=3)
    assert dict(zip(labels["item_id"], labels["label"], strict=True)) == TRUTH
    assert labels["agreement"].round(2).tolist() == [1.0, 0.33, 1.0]


def test_the_same_arguments_find_the_same_workflow_and_other_ones_make_another(make):
    """A cell that runs again makes nothing new; other labels are another question."""
    assert make().arn == make().arn
    assert make(labels=["spam", "ham", "unsure"]).arn != make().arn


def test_two_notebooks_submit_at_once(make):
    """Two workflows with the same items, in two threads, start each loop once."""
    with ThreadPoolExecutor(2) as pool:
        batches = list(pool.map(lambda flow: flow.submit(ITEMS, progress=False), [make(), make()]))
    assert batches[0].human_loop_names == batches[1].human_loop_names
    assert len(make().loops()) == 3


def test_from_arn_with_the_standard_variables(make, embedded, monkeypatch, tmp_path):
    """The code for AWS runs unchanged here: an ARN, boto3's own configuration, nothing of ours."""
    arn = make().arn
    for name, value in embedded.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    flow = Workflow.from_arn(arn, ledger=tmp_path / "ledger.sqlite3")
    flow.submit(ITEMS, progress=False)
    make().simulate([reviewer("Ana")])
    assert len(flow.harvest().answers) == 3


def test_outputs_may_go_to_a_folder(make, tmp_path):
    """An S3OutputPath of file:// is written there directly, under A2I's keys."""
    flow = make(output_path=file_uri(tmp_path / "out"))
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([reviewer("Ana")])
    assert len(batch.harvest()) == 3
    outputs = sorted((tmp_path / "out").rglob("output.json"))
    assert {json.loads(path.read_text())["humanLoopName"] for path in outputs} == set(batch.human_loop_names)


def test_a_dry_run_starts_nothing(make):
    """The plan is a table, and the ledger stays empty."""
    flow = make()
    table = flow.submit(ITEMS, dry_run=True)
    assert table["action"].tolist() == ["start"] * 3
    assert flow.loops().empty


def test_an_item_that_cannot_be_sent_is_a_row_with_its_reason(make):
    """Three million characters are too many for A2I; the other items go on."""
    flow = make()
    with pytest.warns(RefusedWarning, match="1 of 3 items"):
        batch = flow.submit(ITEMS.assign(text=["x" * 3_200_000, "b", "c"]), progress=False)
    assert batch.refused["item_id"].tolist() == ["1"]
    assert len(batch) == len(flow.loops()) == 2


def test_a_prediction_that_the_page_does_not_offer_is_an_error(make):
    """The labels are those of the template: a typo in a class name stops before anybody is asked."""
    flow = make()
    predictions = pd.DataFrame({"item_id": ["1"], "predicted_label": ["SPAM"], "model_version": ["m"]})
    with pytest.raises(UnknownLabel, match=r"'1' is predicted as 'SPAM'.*'spam', 'ham'"):
        flow.submit(ITEMS, predictions=predictions)
    assert flow.loops().empty


def test_an_answer_that_the_page_does_not_offer_is_quarantined(make):
    """A worker's program may post anything; it does not become a label."""
    flow = make()
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([reviewer("Ana", TRUTH | {"2": "sausage"})])
    with pytest.warns(QuarantineWarning, match="sausage"):
        answers = batch.harvest()
    assert sorted(answers["item_id"]) == ["1", "3"]
    assert len(batch.quarantine) == 1


def test_a_truncated_output_is_quarantined(make, embedded):
    """Half a file on disk is named; the rest of the batch is there."""
    flow = make()
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([reviewer("Ana")])
    path = next((embedded.home / "s3").rglob(f"{batch.human_loop_names[0]}/output.json"))
    path.write_bytes(path.read_bytes()[:99])
    with pytest.warns(QuarantineWarning, match="cut off"):
        assert len(batch.harvest()) == 2


def test_an_unknown_flow_definition_is_said_to_be_unknown(make, embedded, monkeypatch, tmp_path):
    """The ARN of nothing is an error of ours before anything is planned."""
    for name, value in embedded.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    flow = Workflow.from_arn(make().arn + "-gone", ledger=tmp_path / "ledger.sqlite3")
    with pytest.raises(NotFound, match="-gone"):
        flow.submit(ITEMS)


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"template": "no-such-template"}, InvalidTemplate, "text-classification"),
        ({"template": "<p>{% if %}</p>", "labels": None}, InvalidTemplate, "line 1"),
        ({"template": "<p>hi</p>"}, InvalidInput, "write the labels into the template"),
        ({"reviewers": 4}, InvalidInput, "1, 2 or 3"),
    ],
)
def test_a_workflow_that_cannot_be_is_refused(make, more, error, words):
    """Unknown template, broken template, labels without a place, too many reviewers."""
    with pytest.raises(error) as caught:
        make(**more)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["", "Digits", "a_b", "-a", "x" * 55])
def test_a_name_that_a2i_would_refuse_is_refused_here(embedded, name):
    """The pattern of flow definition names is checked, which boto3 does not do."""
    with pytest.raises(InvalidInput, match="lower-case letters"):
        Workflow.local(name, template="text-classification", labels=LABELS, home=embedded.home)


def test_a_home_that_cannot_be_written_is_said_to_be(tmp_path):
    """A home below a file can never be made."""
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeNotWritable):
        Workflow.local("x", template="text-classification", labels=LABELS, home=tmp_path / "file" / "home")


def test_from_arn_makes_no_request_and_checks_the_shape():
    """A constructor never waits for the network; what is no ARN is refused at once."""
    assert "flow-definition/x" in repr(Workflow.from_arn("arn:aws:sagemaker:us-east-1:000000000000:flow-definition/x"))
    with pytest.raises(InvalidInput, match="flow-definition/<name>"):
        Workflow.from_arn("ticket-intent")


def test_hosts_that_the_owner_names_reach_the_page_of_the_portal(make, embedded):
    """The policy of the worker's page names them and no other; without them it names none."""
    policies = {}
    for hosts in ((), ("cdn.example.org", "https://*.example.net")):
        flow = make(allow_hosts=hosts)
        flow.submit(ITEMS.head(1), progress=False)
        with urllib3.PoolManager() as http:
            token = embedded.portal_url.rpartition("=")[2]
            form = urlencode({"token": token, "name": "Ana"})
            headers = {"origin": embedded.url, "content-type": "application/x-www-form-urlencoded"}
            signed_in = http.request(
                "POST", f"{embedded.url}/portal/sign-in", body=form, headers=headers, redirect=False
            )
            cookie = {"cookie": signed_in.headers["set-cookie"].partition(";")[0]}
            page = f"{embedded.url}/portal/tasks/next?flow={flow.definition.name}"
            task = http.request("GET", page, headers=cookie, redirect=False).headers["location"]
            html = http.request(
                "GET", f"{embedded.url}/portal/tasks/{task.rpartition('/')[2]}/page", headers=cookie
            ).data
            policies[hosts] = re.search(r'Content-Security-Policy" content="([^"]*)', html.decode())[1]
    bare, open_ = policies.values()
    assert "example" not in bare
    assert "script-src 'unsafe-inline' https://cdn.example.org https://*.example.net;" in open_


@pytest.mark.parametrize("items", [[{"item_id": "1"}], pd.DataFrame({"id": ["1"], "text": ["hi"]})])
def test_items_that_are_no_items_table_are_refused_as_such(make, items):
    """A list, or a table without item_id, gets the error of the table and not one of Python's."""
    with pytest.raises(InvalidTable):
        make().submit(items)


@pytest.mark.parametrize("workers", [0, -1, 65, float("nan"), None, True])
def test_a_number_of_threads_that_cannot_be_is_refused_before_anything_is_done(make, workers):
    """By all that hand work to threads, with one error; some of these waited for ever."""
    flow = make()
    batch = flow.submit(ITEMS, progress=False)
    for call in (
        lambda: flow.submit(ITEMS, max_workers=workers, progress=False),
        lambda: flow.upload({"a": b"one"}, max_workers=workers),
        lambda: batch.stop(max_workers=workers, progress=False),
        lambda: batch.delete(max_workers=workers, progress=False),
    ):
        with pytest.raises(InvalidInput, match="max_workers"):
            call()
    assert set(batch.status().index) == {"InProgress"}


def test_uploads_are_stored_once_by_their_content(make):
    """Two items with the same picture share an object, whose URI the task page can read."""
    flow = make()
    uris = flow.upload({"a": b"one", "b": b"two", "c": b"one"})
    assert uris["a"] == uris["c"] != uris["b"]
    store, key = open_store(uris["a"], flow.connection)
    assert store.get(key) == b"one"


def test_the_preview_carries_its_images(make):
    """The saved notebook still shows the picture when the service is gone."""
    flow = make(template="image-classification")
    uri = flow.upload({"a": b"\x89PNG..."})["a"]
    page = flow.preview({"item_id": "a", "image": uri}).page
    assert "data:image/png;base64,iVBORy4uLg==" in page
    assert uri not in page


def test_waiting_ends_and_loses_nothing(make):
    """After the timeout the error says how many are open, and the answers so far can be had."""
    flow = make()
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([reviewer("Ana")], limit=1)
    with pytest.raises(A2IError, match="2 of 3 human loops are still open after 0 s"):
        batch.wait(timeout=0, progress=False)
    assert len(batch.harvest()) == 1


def test_showing_a_workflow_and_a_batch(make):
    """The notebook's reprs count the states and link to the portal; texts of others are escaped."""
    flow = make()
    batch = flow.submit(ITEMS, progress=False)
    assert "InProgress <b>3</b>" in batch._repr_html_()
    shown = flow._repr_html_()
    assert flow.portal_url.partition("?")[0] in shown
    assert flow.portal_url.rpartition("=")[2] not in shown
    assert repr(batch) == "Batch(3 human loops)"


def test_reviewers_are_simulated_on_the_embedded_a2i_only():
    """Nobody is simulated on AWS."""
    flow = Workflow.from_arn("arn:aws:sagemaker:us-east-1:000000000000:flow-definition/x")
    with pytest.raises(InvalidInput, match=r"Workflow\.local"):
        flow.simulate([reviewer("Ana")])


def test_items_without_a_column_that_the_page_prints_are_refused(make):
    """Before anybody is asked about a hole; unless the owner says that it is meant."""
    flow = make()
    renamed = ITEMS.rename(columns={"text": "body"})
    with pytest.raises(InvalidTable, match=r"prints 'text'.*the items have 'item_id', 'body'.*check=False"):
        flow.submit(renamed)
    assert flow.loops().empty
    assert len(flow.submit(renamed, check=False, dry_run=True)) == 3


def test_columns_that_the_template_can_do_without_are_not_asked_for(make):
    """A condition around them, or a default, provides for their absence."""
    source = (
        "<crowd-form>{{ task.input.text }}{% if task.input.note %}{{ task.input.note }}{% endif %}"
        '{{ task.input.lang | default: "en" }}{{ task.input.a2i_al.prediction.label }}'
        '<crowd-input name="who"></crowd-input></crowd-form>'
    )
    flow = make(template=source, labels=None)
    assert len(flow.submit(ITEMS, dry_run=True)) == 3


def test_a_batch_knows_what_its_form_answers(make):
    """Field to kind, as the template has them: what there is to consolidate."""
    assert make().submit(ITEMS, progress=False).fields == {"category": "choice"}


def test_labels_to_draw_with_are_no_labels_to_choose_from(make):
    """Boxes carry labels inside: an answer of boxes must not be taken for an unknown choice."""
    source = """<crowd-form><crowd-bounding-box name="boxes" labels="['car']"></crowd-bounding-box></crowd-form>"""
    flow = make(template=source, labels=None)
    assert flow.fields == {"boxes": "boxes"}
    assert flow.offered == {}


def test_hosts_are_allowed_by_their_owner(make):
    """In the pages that the notebook shows; what is no host is refused before anything is made."""
    flow = make(allow_hosts=["cdn.example.org"])
    assert "https://cdn.example.org" in flow.preview(ITEMS.iloc[0]).page
    assert "https://cdn.example.org" in flow.preview(ITEMS).page
    with pytest.raises(InvalidInput, match="allow_hosts"):
        make(allow_hosts=["*"])


def test_a_batch_consolidates_the_field_of_its_form(make):
    """With one choice in the form there is nothing to say; a field that it does not have is named with those it has."""
    flow = make()
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([reviewer("Ana")])
    labels = batch.consolidate()
    assert dict(zip(labels["item_id"], labels["label"], strict=True)) == TRUTH
    with pytest.raises(InvalidInput, match=r"no field 'label'. Expected: one of 'category' \(choice\)"):
        batch.consolidate("label")
    with pytest.raises(InvalidInput, match="'majority' has no option 'iou'"):
        batch.consolidate(iou=0.5)


def test_a_field_that_everybody_left_empty_is_said_to_be_so(make):
    """The form has it, the answers do not: that is no typing error."""
    flow = make()
    flow.fields = {"category": "choice", "note": "text"}
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([reviewer("Ana")])
    with pytest.raises(InvalidInput, match="nobody has answered 'note' yet"):
        batch.consolidate("note")


def test_a_form_with_several_choices_needs_the_name_of_one(make):
    """Nothing is chosen for the user."""
    flow = make()
    flow.fields = {"category": "choice", "tone": "choice"}
    with pytest.raises(InvalidInput, match="2 fields to choose from"):
        flow.submit(ITEMS, progress=False).consolidate()


def test_harvesting_again_fetches_nothing_that_was_read_before(make, monkeypatch):
    """A week of answers is not read through again for the one that came late."""
    flow = make(reviewers=1)
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([reviewer("Ana")])
    first, fetched = batch.harvest(), []
    get = Store.get
    monkeypatch.setattr(Store, "get", lambda store, key: (fetched.append(key), get(store, key))[1])
    pd.testing.assert_frame_equal(batch.harvest(), first)
    assert fetched == []


def test_a_type_checker_knows_what_a_submission_returns():
    """A batch, or the plan of a dry run; and the keywords that it checks are those that there are."""
    hints = [get_type_hints(form) for form in get_overloads(Asking.submit)]
    said = {hint["dry_run"]: hint["return"] for hint in hints}
    assert said == {Literal[False]: Batch, Literal[True]: pd.DataFrame, bool: Batch | pd.DataFrame}
    keywords = get_type_hints(Asking.submit)
    for name in ("items", "picks", "dry_run", "return"):
        del keywords[name]
    assert keywords == get_type_hints(SubmitOptions)
