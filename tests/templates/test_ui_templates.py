"""The catalogue: every template renders its sample, answers as it says, takes labels, is found where installed."""

import json
import shutil
from pathlib import Path

import pytest

from a2i_al.errors import A2IWarning, InvalidInput, InvalidTemplate
from a2i_al.templates import answer_fields, catalogue, load, offered_labels, preview_page, render, ui_templates

NAMES = sorted(path.parent.name for path in (Path(__file__).parents[2] / "ui_templates").glob("*/README.md"))


def test_the_catalogue_lists_every_folder():
    """One row each, with a title and a description to choose by."""
    table = catalogue()
    assert list(table.columns) == ["name", "title", "description", "fields"]
    assert list(table["name"]) == NAMES
    assert table["title"].str.len().gt(3).all()
    assert table["description"].str.endswith(".").all()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_renders_its_sample_and_lacks_nothing(name):
    template = load(name)
    assert render(template.source, template.sample_input).undefined == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_answer_is_one_that_the_form_can_give(name):
    """It has the form's fields, and of each only labels that the template offers where it lists them."""
    template = load(name)
    assert set(template.sample_answer) == set(template.fields)
    for field, offered in offered_labels(template.source).items():
        answer = template.sample_answer[field]
        parts = [part for value in answer.values() if isinstance(value, list) for part in value]
        parts = parts or list(answer.get("labelMappings", [answer]))
        assert {part["label"] if isinstance(part, dict) else part for part in parts} <= set(offered)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_a_plain_a2i_template(name):
    """It loads Amazon's elements by the usual address and has a size that A2I accepts."""
    source = load(name).source
    assert source.startswith('<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>')
    assert len(source) <= 128_000
    assert source.count("<short-instructions>") == source.count("</full-instructions>") == 1


@pytest.mark.parametrize("name", ["image-classification", "text-classification"])
def test_labels_take_the_place_of_the_templates_own(name):
    labels = ["it's", '"quoted"', "R&D", "{{ x }}", "naïve ☕", "<b>"]
    assert offered_labels(load(name).with_labels(labels)) == {"category": tuple(labels)}


@pytest.mark.parametrize("labels", [[], ["a", "a"], ["a", " "], [1, 2], "abc"])
def test_labels_that_are_no_labels_are_refused(labels):
    with pytest.raises(InvalidInput, match="labels are"):
        load("text-classification").with_labels(labels)


def test_a_template_without_categories_takes_no_labels():
    template = load("text-classification")
    plain = type(template)("plain", "", "", "<crowd-form></crowd-form>", {}, {}, {})
    with pytest.raises(InvalidTemplate, match="lists no categories"):
        plain.with_labels(["a"])


@pytest.mark.parametrize("name", ["speech", "", "..", "text-classification/.."])
def test_an_unknown_name_is_refused_with_those_there_are(name):
    with pytest.raises(InvalidTemplate, match=", ".join(NAMES)):
        load(name)


def test_templates_are_found_inside_an_installed_package(tmp_path, monkeypatch, checkout):
    """In a wheel the folder lies inside the package, not beside it."""
    package = tmp_path / "site-packages" / "a2i_al"
    shutil.copytree(checkout / "ui_templates" / NAMES[0], package / "ui_templates" / NAMES[0])
    monkeypatch.setattr(ui_templates, "_PACKAGE", package)
    assert list(catalogue()["name"]) == NAMES[:1]


FILES = ["README.md", "sample_answer.json", "sample_input.json", "template.liquid.html"]


@pytest.fixture
def own_folder(tmp_path, monkeypatch, checkout):
    """Give a catalogue of two templates in a folder that a test may break."""
    for name in NAMES[:2]:
        shutil.copytree(checkout / "ui_templates" / name, tmp_path / "a2i_al" / "ui_templates" / name)
    monkeypatch.setattr(ui_templates, "_PACKAGE", tmp_path / "a2i_al")
    return tmp_path / "a2i_al" / "ui_templates"


@pytest.mark.parametrize("file", FILES)
def test_a_folder_that_lacks_a_file_is_told_and_the_others_are_listed(own_folder, file):
    """With the names of the folder and of the file; who wants that template gets the same as an error."""
    (own_folder / NAMES[1] / file).unlink()
    with pytest.warns(A2IWarning, match=f"the template '{NAMES[1]}' has no {file}"):
        assert list(catalogue()["name"]) == NAMES[:1]
    with pytest.raises(InvalidTemplate, match=f"the template '{NAMES[1]}' has no {file}"):
        load(NAMES[1])


@pytest.mark.parametrize(("text", "said"), [("{", "is not JSON"), ("[]", "holds no JSON object")])
def test_a_sample_that_cannot_be_used_is_told(own_folder, text, said):
    (own_folder / NAMES[0] / "sample_input.json").write_text(text)
    with pytest.raises(InvalidTemplate, match=f"sample_input.json of the template '{NAMES[0]}' {said}"):
        load(NAMES[0])


def test_a_readme_of_a_heading_alone_is_enough(own_folder):
    (own_folder / NAMES[0] / "README.md").write_text("# Mine\n")
    assert (load(NAMES[0]).title, load(NAMES[0]).description) == ("Mine", "")


def test_samples_are_json_as_this_project_writes_it(checkout):
    for path in (checkout / "ui_templates").glob("*/*.json"):
        text = path.read_text("utf-8")
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_fields_are_read_from_a_form_with_liquid_in_it():
    """Liquid inside tags and attributes does not confuse the reader, and names that the input decides are left out."""
    source = """
      {% for x in task.input.items %}<input type="radio" name="pick" {% if x > 1 %}checked{% endif %}>{% endfor %}
      <crowd-input name="who" value="{{ task.input.who | default: "a > b" }}"></crowd-input>
      <crowd-input name="row-{{ i }}"></crowd-input>
      <crowd-checkbox name="sure"></crowd-checkbox>
      <crowd-bounding-box name="boxes" labels="['car']"></crowd-bounding-box>
      <input type="submit" name="go"><textarea name="why"></textarea><crowd-button name="b"></crowd-button>
      <crowd-classifier-multi-select name="tags" categories="{{ task.input.labels | to_json }}">
      <crowd-rekognition-detect-moderation-labels categories="['Violence']">
    """
    assert answer_fields(source) == {
        "pick": "flag",
        "who": "text",
        "sure": "flag",
        "boxes": "boxes",
        "why": "text",
        "tags": "choices",
        "AWS/Rekognition/DetectModerationLabels/Image/V3": "any",
    }
    assert offered_labels(source) == {
        "boxes": ("car",),
        "AWS/Rekognition/DetectModerationLabels/Image/V3": ("Violence",),
    }


def test_a_comment_on_a_picture_is_a_field_under_its_name_in_the_answers_table():
    source = """<crowd-image-classifier name="a" categories="[1]"><worker-comment></worker-comment>
      </crowd-image-classifier><crowd-image-classifier-multi-select name="b"></crowd-image-classifier-multi-select>
      <crowd-image-classifier name="{{ task.input.x }}"><worker-comment></worker-comment></crowd-image-classifier>"""
    assert answer_fields(source) == {"a": "choice", "a.workerComment": "text", "b": "choices"}


@pytest.mark.parametrize("categories", ["['a'", "[", ""])
def test_categories_that_cannot_be_read_offer_nothing(categories):
    assert offered_labels(f'<crowd-classifier name="c" categories="{categories}">') == {}


def test_entity_labels_are_offered_by_their_label():
    source = """<crowd-entity-annotation name="e" labels="[{label: 'person', shortDisplayName: 'per'}]">"""
    assert offered_labels(source) == {"e": ("person",)}


def test_the_options_of_a_select_are_offered():
    """As they answer: by their value, or else by their text as a browser reads it."""
    source = """<form><datalist><option>no</option></datalist>
      <select name="s"><option value="">Choose</option><option {% if task.input.x %}selected{% endif %}>R &amp;
        D</option><optgroup label="more"><option value="3">three</option></optgroup></select>
      <select multiple name="m"><option>1<option>2</select></form>"""
    assert answer_fields(source) == {"s": "choice", "m": "choices"}
    assert offered_labels(source) == {"s": ("", "R & D", "3"), "m": ("1", "2")}


@pytest.mark.parametrize(
    "source",
    [
        "<select name=s>{% for x in task.input.all %}<option>{{ x }}{% endfor %}<option>other</select>",
        "<select name=s><option value='{{ task.input.x }}'>x</option></select>",
        "<select name=s><option>x</option></select><script>more()</script>",
        "<select name='s-{{ task.input.x }}'><option>x</option></select>",
        "<select name=s></select>",
    ],
)
def test_options_that_the_template_does_not_settle_offer_nothing(source):
    """The input or a script may write others: nobody's answer is called unknown for that."""
    assert offered_labels(source) == {}


@pytest.mark.browser
def test_a_currency_that_is_not_listed_has_to_be_chosen(chromium_page):
    """Else the first one of the list would be confirmed unseen."""
    template = load("extraction-correction")
    chromium_page.set_content(preview_page(template.source, template.sample_input | {"currency": "CHF"}))
    chromium_page.get_by_role("button", name="Submit").click()
    chromium_page.get_by_text("One answer is missing or needs a correction.").wait_for()
    chromium_page.get_by_label("Currency").select_option("other")
    chromium_page.get_by_role("button", name="Submit").click()
    answer = json.loads(chromium_page.get_by_label("Answer", exact=True).inner_text())
    assert answer["currency"] == "other"
