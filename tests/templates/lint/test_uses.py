"""What a template reads: every path, through loops, assignments and conditions, and the columns it needs."""

import pytest

from a2i_al.templates import needed_columns
from a2i_al.templates.paths import ANY, EACH, is_missing
from a2i_al.templates.uses import uses


@pytest.mark.parametrize(
    ("template", "seen"),
    [
        ("{{ task.input.a }}", [("task.input.a", "printed", False)]),
        ("{{ task.input['a-b'].c[0] }}", [("task.input.a-b.c[0]", "printed", False)]),
        (
            "{{ task.input.m[task.input.k] }}",
            [("task.input.m[*]", "printed", False), ("task.input.k", "printed", False)],
        ),
        ("{{ 'x' | append: task.input.a }}", [("task.input.a", "tested", False)]),
        ("{% assign b = task.input.a %}{{ b.c }}", [("task.input.a.c", "printed", False)]),
        (
            "{% for x in task.input.a %}{% for y in x.b %}{{ y }}{% endfor %}{% endfor %}",
            [
                ("task.input.a", "looped", False),
                ("task.input.a[*].b", "looped", False),
                ("task.input.a[*].b[*]", "printed", False),
            ],
        ),
        (
            "{% unless task.input.a %}{{ task.input.a.b }}{{ task.input.c }}{% endunless %}",
            [
                ("task.input.a", "tested", False),
                ("task.input.a.b", "printed", True),
                ("task.input.c", "printed", False),
            ],
        ),
        (
            "{% case task.input.k %}{% when task.input.w %}{{ task.input.w }}{% else %}{{ task.input.k }}{% endcase %}",
            [
                ("task.input.k", "tested", False),
                ("task.input.w", "tested", False),
                ("task.input.w", "printed", True),
                ("task.input.k", "printed", True),
            ],
        ),
        ("{% cycle task.input.a, 'b' %}", [("task.input.a", "printed", False)]),
    ],
)
def test_every_use_is_seen_for_what_it_is(template, seen):
    """Name, how it is used, and whether the template provides for its absence; in order of the source."""
    listed = [(use.name, use.how, use.optional) for use in uses(template)]
    assert listed == seen


def test_a_loop_variable_ends_with_its_loop():
    template = "{% assign x = task.input.b %}{% for x in task.input.a %}{{ x }}{% endfor %}{{ x }}"
    assert [use.name for use in uses(template)] == ["task.input.a", "task.input.a[*]", "task.input.b"]


def test_filters_travel_through_assignments_and_captures():
    template = "{% capture u %}{{ task.input.a | grant_read_access }}{% endcapture %}{{ u | upcase }}"
    assert uses(template)[-1].filters == ("grant_read_access", "upcase")


@pytest.mark.parametrize(
    ("template", "columns"),
    [
        ("{{ task.input.a }}{{ task.input.a }}{{ task.input.b.c }}", ("a", "b")),
        ("{% if task.input.a %}{{ task.input.a }}{% endif %}{{ task.input.b | default: '' }}", ()),
        ("{% for x in task.input.a %}{{ x }}{% endfor %}", ("a",)),
        ("{{ task.input.a2i_al.prediction.label }}{{ task.input }}{{ other }}", ()),
        ("{% assign n = task.input.a | size %}", ("a",)),
    ],
)
def test_needed_columns_are_those_without_which_the_page_has_a_hole(template, columns):
    assert needed_columns(template) == columns


@pytest.mark.parametrize(
    ("path", "value", "missing"),
    [
        (("a",), {"a": None}, False),
        (("a", "b"), {"a": None}, False),
        (("a", "b"), {"a": 1}, True),
        (("a", 1), {"a": [1]}, True),
        (("a", EACH, 1, "x"), {"a": {"k": {"x": 1}}}, False),
        (("a", EACH, "x"), {"a": [{"y": 1}, {"x": 1}]}, False),
        (("a", ANY, "x"), {"a": {"k": {"y": 1}}}, True),
        (("a", "size"), {"a": "text"}, False),
        (("a", "last", "x"), {"a": [{"x": 1}]}, False),
    ],
)
def test_what_an_input_lacks(path, value, missing):
    """A path is missing when nothing at all can be reached by it."""
    assert is_missing(("task", "input", *path), value) is missing
