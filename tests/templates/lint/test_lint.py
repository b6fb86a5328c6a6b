"""The lint as a whole: it never raises, the catalogue is clean, and the findings can be read by people and programs."""

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from a2i_al.templates import Findings, answer_fields, lint, load
from a2i_al.templates.fields import KINDS
from a2i_al.templates.linting.elements import KNOWN

FOLDERS = sorted(path.parent.name for path in Path(__file__).parents[3].glob("ui_templates/*/sample_answer.json"))
PIECES = st.sampled_from(
    ["{{ ", " }}", "{% if ", "{% for x in task.input.a %}", "{% endfor %}", "{% endif %}", "{% else %}", "{% raw %}",
     "{% comment %}", "task.input.text", "x[0]", " | to_json", " | grant_read_access", "<crowd-form>", "</crowd-form>",
     "<crowd-classifier ", "categories=", "['a', ", '"', "'", ">", "/>", "<script>", "</script>", "<!--", "-->", "<![",
     "name=a ", "<input ", "${x}", "\n", "\t", "é😀", "<", "&#", "</", "\ufffc", "\x00"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_it_never_raises(template):
    """Whatever is written, and every place is inside the template."""
    found = lint(template, {"a": [1, {"b": 2}], "text": "hi"})
    lines = template.split("\n")
    assert all(1 <= f.line <= len(lines) and 1 <= f.column <= len(lines[f.line - 1]) + 1 for f in found)
    assert repr(found)
    assert json.dumps(found.to_dict())


@pytest.mark.parametrize("sample", [{}, {"a": float("nan")}, {"a": object()}, {"a": "\ud800"}, {1: 2}])
def test_an_odd_sample_does_not_stop_it(sample):
    """What is no JSON is a finding."""
    assert isinstance(lint("<crowd-form>{{ task.input.a }}</crowd-form>", sample), Findings)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_template_of_the_catalogue_is_clean(name):
    """With its own sample: no error, no warning."""
    template = load(name)
    found = lint(template.source, template.sample_input)
    assert [str(f) for f in found if f.severity != "note"] == []
    assert found.fields == template.fields


def test_the_findings_are_in_the_order_of_the_template():
    found = lint("<crowd-input name='a'/>\n<crowd-inptu></crowd-inptu>\n{{ x }}")
    assert [f.line for f in found] == sorted(f.line for f in found)


def test_fields_whose_names_the_input_decides_are_known_with_a_sample():
    template = (
        '<crowd-form>{% for q in task.input.qs %}<crowd-input name="{{ q }}"></crowd-input>{% endfor %}</crowd-form>'
    )
    assert lint(template).fields == {}
    assert lint(template, {"qs": ["who", "when"]}).fields == {"who": "text", "when": "text"}


def test_what_the_template_reads_is_listed_once():
    template = "{{ task.input.a }}{{ task.input.a }}{% for b in task.input.boxes %}{{ b.x }}{% endfor %}{{ c }}"
    assert lint(template).uses == ("task.input.a", "task.input.boxes", "task.input.boxes[*].x")


def test_the_repr_reads_like_a_compilers_output():
    found = lint("<crowd-form>\n  <crowd-inptu></crowd-inptu></crowd-form>")
    assert "2:3: error: there is no element <crowd-inptu>. Expected: crowd-input" in repr(found)
    assert "      <crowd-inptu></crowd-inptu></crowd-form>\n      ^" in repr(found)
    assert repr(found).endswith("1 error, 2 warnings; the form answers nothing")


def test_the_table_of_a_notebook_escapes_the_template():
    assert "<crowd-inptu" not in lint("<crowd-form><crowd-inptu></crowd-inptu></crowd-form>")._repr_html_()


def test_findings_are_a_sequence():
    found = lint("<p>{{ x }}</p>")
    assert len(found) == len(list(found)) == len(found.errors) + len(found.warnings)
    assert found[0] in found[0:1]
    assert not found.ok


def test_a_rule_reports_a_hundred_times_at_most():
    """A generated template with one mistake everywhere stays readable."""
    assert sum(f.code == "unknown-element" for f in lint("<crowd-x></crowd-x>" * 500)) == 100


def test_every_element_that_answers_is_in_the_table_of_elements():
    assert {tag for tag in KINDS if tag.startswith("crowd-")} <= set(KNOWN)


@pytest.mark.parametrize("tag", sorted(tag for tag in KINDS if tag not in {"select", "textarea", "object-value-input"}))
def test_every_answering_element_needs_its_name(tag):
    """Without it the answer is lost."""
    assert "name" in KNOWN[tag].required
    assert answer_fields(f"<{tag} name='n'></{tag}>") == {"n": KINDS[tag]}
