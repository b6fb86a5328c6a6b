"""What a template may cost: each bound is made small, and something that would pass it otherwise is refused by it."""

import pytest

from a2i_al.errors import InvalidTemplate
from a2i_al.templates import limits, render, rendering
from a2i_al.templates.limits import Effort
from a2i_al.templates.rendering import syntax_errors

ITEM = {
    "words": [f"w{i}" for i in range(300)],
    "text": "x" * 5_000,
    "rows": [{"a": i} for i in range(100)],
    "same": [f"w{i}" for i in range(300)],
    "texts": ["x" * 1_000],
}
DOUBLED = "{% assign a = task.input.texts %}" + "{% assign a = a | concat: a %}" * 6


@pytest.fixture
def little(monkeypatch):
    """Make the bounds small."""
    monkeypatch.setattr(limits, "LOOP_STEPS", 1_000)
    monkeypatch.setattr(limits, "WORK", 20_000)


def refusal(template, item=ITEM):
    with pytest.raises(InvalidTemplate) as refused:
        render(template, item)
    assert refused.value.code == "ResourceLimitExceeded"
    return refused.value.message


@pytest.mark.parametrize(
    "body",
    [
        "{{ a }}",
        "{{ nil }}",
        "{% comment %}{% endcomment %}",
        "{% if true %}{% endif %}",
        "{% assign x = 1 %}",
        "{% case 1 %}{% when 2 %}{% endcase %}",
        "{% for y in nothing %}{% else %}{% endfor %}",
        "{% liquid\nassign x = 1\nassign y = 1 %}",
    ],
)
@pytest.mark.parametrize("loop", ["for", "tablerow"])
def test_what_is_in_a_loop_counts_as_often_as_the_loop_runs(body, loop, little):
    """Nothing that a loop may hold is free; outside of one, the same is."""
    many = body * 60
    assert "steps" in refusal(f"{{% {loop} i in (1..10) %}}{many}{{% end{loop} %}}")
    render(many, ITEM)


def test_a_long_condition_counts_by_its_terms(little):
    condition = "true and " * 150 + "true"
    assert "steps" in refusal(f"{{% for i in (1..10) %}}{{% if {condition} %}}{{% endif %}}{{% endfor %}}")
    render(f"{{% if {condition} %}}{{% endif %}}", ITEM)


def test_loops_in_loops_count_together(little):
    template = "{% for i in (1..20) %}{% for j in (1..20) %}{% assign x = 1 %}{% endfor %}{% endfor %}"
    assert "steps" in refusal(template)
    render(template.replace("20", "5"), ITEM)


@pytest.mark.parametrize(
    "template",
    [
        "{% capture c %}{{ task.input.text }}{% endcapture %}",
        "{% if task.input.text contains 'z' %}{% endif %}",
        "{% if task.input.words == task.input.same %}{% endif %}",
        "{% case task.input.words %}{% when task.input.same %}{% endcase %}",
        "{% if (1..400) contains 'a' %}{% endif %}",
        "{% for i in (1..400) reversed limit: 1 %}{% endfor %}",
        "{{ task.input.words | uniq | size }}",
        "{{ task.input.rows | map: task.input.words | size }}",
        "{{ task.input.date | date: '%Y' }}",
        DOUBLED + "{{ a | join: '' | size }}",
        DOUBLED + "{% capture c %}{{ a }}{% endcapture %}",
        "{{ (1..999999999999999999999999999999) | size }}",
    ],
)
def test_large_values_count_wherever_they_are_worked_on(template, little):
    """Printing, comparing, searching, ranges, filters that do more than one pass, and lists of one long text."""
    assert "too much data" in refusal(template * 100, ITEM | {"date": "2026-01-05"})


def test_a_value_is_weighed_with_all_that_is_in_it():
    """A text that a list holds twice counts twice: that is what it prints as."""
    text = "x" * 100
    effort = Effort()
    assert effort.weigh([text, text]) == effort.weigh([text]) * 2 > 200
    assert effort.weigh({"key": [text]}) > effort.weigh([text]) > 100


def test_the_weight_of_a_value_that_is_gone_is_not_that_of_the_next():
    """Python gives the identity of a dropped list to a new one."""
    effort = Effort()
    assert [effort.weigh(["x" * n]) for n in range(1, 50)] == [20 + n for n in range(1, 50)]


def test_names_are_bounded_together(monkeypatch):
    """What is assigned counts once however often it is assigned again, and all names count."""
    monkeypatch.setattr("a2i_al.templates.context.OUTPUT_BYTES", 20_000)
    render("{% assign x = task.input.text %}" * 10, ITEM)
    assert "memory" in refusal("".join(f"{{% assign x{n} = task.input.text | append: '{n}' %}}" for n in range(5)))


def test_a_line_without_end_is_shown_around_the_mistake():
    """A template on one line does not repeat itself in its refusal."""
    [error] = syntax_errors("<i>" * 1_000 + "{{ a | shout }}" + "<b>" * 1_000)
    excerpt, caret = str(error).splitlines()[1:3]
    assert len(excerpt) < 260
    assert excerpt[caret.index("^") :].startswith("shout")
    assert excerpt.strip().startswith("…") and excerpt.endswith("…")  # noqa: PT018 - one claim: it is cut


def test_of_many_mistakes_the_first_are_reported(monkeypatch):
    """A hostile template has one every five characters."""
    monkeypatch.setattr(rendering, "_ENOUGH", 3)
    assert [error.offset for error in syntax_errors("{{a|b}}" * 9)] == [4, 11, 18]
