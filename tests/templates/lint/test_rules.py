"""Every rule of the lint: the mistake it is about is found in its place, and the right way to write it is not."""

import pytest

from a2i_al.templates import lint

LOADER = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>\n'


def page(body, before=""):
    return f'{LOADER}{before}<crowd-form>\n{body}\n<crowd-input name="last"></crowd-input></crowd-form>'


def found(template, sample=None, **options):
    """Return code, severity, line and what the caret points at, for each finding."""
    out = []
    for finding in lint(template, sample, **options):
        text, caret = finding.excerpt.split("\n")
        out.append((finding.code, finding.severity, finding.line, text[caret.index("^") :]))
    return out


MISTAKES = [
    ("{% if task.input.a %}", {"a": 1}, "syntax", "error", "{% if"),
    ("{{ task.input.a | shout }}", None, "syntax", "error", "shout }}"),
    ("{{ task.input.a | grant_read_access }}", {"a": " "}, "render", "error", "<crowd-form>"),
    ("{{ task.input.text }}", {"txt": "hi"}, "missing-field", "error", "task.input.text }}"),
    ("{% for b in task.input.boxes %}{{ b.x }}{% endfor %}", {"boxes": [{"y": 1}]}, "missing-field", "error", "b.x"),
    ("{% for b in task.input.boxes %}{{ b.x }}{% endfor %}", {}, "missing-field", "warning", "task.input.boxes %}"),
    ("{% assign s = task.input.a | size %}", {}, "missing-field", "error", "task.input.a | size"),
    ("{% if task.input.a %}{{ task.input.a }}{% endif %}", {}, "missing-field", "note", "task.input.a %}"),
    ('{{ task.input.a | default: "none" }}', {}, "missing-field", "note", "task.input.a | default"),
    ("{{ text }}", {"text": "hi"}, "unknown-variable", "warning", "text }}"),
    ("{{ task.inputs.text }}", {"text": "hi"}, "unknown-variable", "warning", "task.inputs"),
    ("<script>var x = {{ task.input.a | to_json }};</script>", {"a": 1}, "escaped-json", "warning", "task.input.a"),
    (
        (
            "{% capture u %}{{ task.input.a | grant_read_access }}{% endcapture %}"
            "<style>p {background: url({{ u }})}</style>"
        ),
        {"a": "s3://bucket/a.png"},
        "escaped-url",
        "warning",
        "u }})",
    ),
    ('<p title="${text}">', None, "mturk-variable", "warning", "${text}"),
    ('<crowd-inptu name="a"></crowd-inptu>', None, "unknown-element", "error", "<crowd-inptu"),
    ('<crowd-input name="a" lable="b"></crowd-input>', None, "unknown-attribute", "warning", "lable="),
    ("<crowd-checkbox></crowd-checkbox>", None, "missing-attribute", "error", "<crowd-checkbox"),
    (
        """<crowd-classifier name="a" categories="['x']"></crowd-classifier>""",
        None,
        "missing-attribute",
        "warning",
        "<crowd-classifier",
    ),
    ('<crowd-input name="a" />', None, "self-closed", "error", "<crowd-input"),
    ("<short-instructions><p>Read.</p>", None, "not-closed", "error", "<short-instructions>"),
    ('<crowd-input name="a"></crowd-input><input name="a">', None, "duplicate-name", "error", 'name="a">'),
    ('{% for i in (1..3) %}<input name="a">{% endfor %}', None, "duplicate-name", "error", 'name="a">'),
    ("<input>", None, "unnamed-input", "warning", "<input>"),
    ("</crowd-form><crowd-form>", None, "several-forms", "error", "<crowd-form>"),
    ("</crowd-form><input name=a><crowd-form>", None, "outside-form", "warning", "<input"),
    (
        """<crowd-entity-annotation name="e" text="t" labels="['a']"></crowd-entity-annotation>""",
        None,
        "entity-annotation-in-form",
        "error",
        "<crowd-entity-annotation",
    ),
    ('<img src="https://example.org/a.png">', None, "blocked-resource", "warning", "src="),
    (
        '<link rel="stylesheet" href="//example.org/a.css">',
        None,
        "blocked-resource",
        "warning",
        "href=",
    ),
    (
        """<crowd-classifier name="a" header="h" categories="['x'"></crowd-classifier>""",
        None,
        "unreadable-value",
        "error",
        "categories=",
    ),
    (
        '<crowd-classifier name="a" header="h" categories="{{ task.input.c }}"></crowd-classifier>',
        {"c": "x, y"},
        "unreadable-value",
        "error",
        "categories=",
    ),
    (
        """<crowd-classifier name="a" header="h" categories="{text: 'x'}"></crowd-classifier>""",
        None,
        "unreadable-value",
        "error",
        "categories=",
    ),
    (
        '<crowd-classifier name="a" header="h" categories="{{ task.input.c }}"></crowd-classifier>',
        {"c": []},
        "empty-value",
        "error",
        "categories=",
    ),
    (
        """<crowd-classifier name="a" header="h" categories="['x', 'x']"></crowd-classifier>""",
        None,
        "repeated-label",
        "warning",
        "categories=",
    ),
    (
        f"""<crowd-image-classifier name="a" header="h" src="{{{{ task.input.a | grant_read_access }}}}"
        categories="{list(range(11))}"></crowd-image-classifier>""",
        None,
        "too-many-labels",
        "warning",
        "<crowd-image-classifier",
    ),
]


@pytest.mark.parametrize(("body", "sample", "code", "severity", "place"), MISTAKES)
def test_a_mistake_is_found_in_its_place(body, sample, code, severity, place):
    """With its code and severity, and the caret at what is wrong."""
    matches = [f for f in found(page(body), sample) if f[0] == code]
    assert [f[1] for f in matches] == [severity]
    if code != "render":
        assert matches[0][3].startswith(place)


RIGHT = [
    ("{% if task.input.a %}{{ task.input.a }}{% endif %}", {"a": 1}),
    ("{% for b in task.input.boxes %}{{ b.label }}{% endfor %}", {"boxes": []}),
    ("{% for kv in task.input.map %}{{ kv[0] }}{{ kv[1].x }}{% endfor %}", {"map": {"k": {"x": 1}}}),
    ("{% increment n %}{{ n }}{% for i in (1..2) %}{{ forloop.index }}{{ i }}{% endfor %}", {}),
    ("{{ task.input.source-ref }}{{ task.input['a b'].c[0] }}", {"source-ref": 1, "a b": {"c": [1]}}),
    (
        "{{ task.input.list.size }}{{ task.input.text.size }}{{ task.input.list.first.x }}",
        {"list": [{"x": 1}], "text": ""},
    ),
    ("{% assign b = task.input.box %}{{ b.x }}", {"box": {"x": 1}}),
    ("{% comment %}<crowd-nothing name='last'>{{ nothing }}{% endcomment %}<!-- <crowd-nothing> -->", {}),
    ("{% raw %}{{ vue }}{% endraw %}", {}),
    ("<script>var x = {{ task.input.a | to_json | skip_autoescape }}; const y = `${x}`;</script>", {"a": 1}),
    ('<img style="background: url({{ task.input.a | grant_read_access }})">', {"a": "s3://bucket/a.png"}),
    ('<img src="https://bucket.s3.amazonaws.com/a.png">', {}),
    ('<input type="radio" name="r" value="a"><input type="radio" name="r" value="b">', {}),
    ('<crowd-checkbox name="c" value="a"></crowd-checkbox><crowd-checkbox name="c" value="b"></crowd-checkbox>', {}),
    ("{% if task.input.a %}<input name='x'>{% else %}<textarea name='x'></textarea>{% endif %}", {"a": 1}),
    ("{% for i in (1..3) %}<input name='x-{{ i }}'>{% endfor %}", {}),
    (
        "<crowd-input name='x' {% if task.input.a %}required{% endif %} data-x='1' onclick='f()'></crowd-input>",
        {"a": 1},
    ),
    (
        """<crowd-classifier name="a" header="h" categories="[{% for c in task.input.c %}'{{ c }}', {% endfor %}]">
        </crowd-classifier>""",
        {"c": ["x", "y"]},
    ),
    ("<select name='s'><option {% if task.input.a %}selected{% endif %}>a</option></select>", {"a": 1}),
]


@pytest.mark.parametrize(("body", "sample"), RIGHT)
def test_what_is_right_raises_no_alarm(body, sample):
    """The idioms of real templates pass."""
    assert found(page(body), sample) == []


def test_a_template_without_a_form_is_an_error():
    assert ("missing-form", "error", 1, "<p>hi</p>") in found("<p>hi</p>")


def test_entity_annotation_needs_no_form():
    template = LOADER + """<crowd-entity-annotation name="e" text="t" labels="['a']"></crowd-entity-annotation>"""
    assert found(template) == []


def test_a_form_that_asks_nothing_is_pointed_out_unless_a_script_may_fill_it():
    assert [f[0] for f in found(f"{LOADER}<crowd-form></crowd-form>")] == ["no-fields"]
    assert found(f"{LOADER}<crowd-form></crowd-form><script>fill()</script>") == []


def test_a_template_that_would_be_blank_on_aws_is_pointed_out():
    assert [f[0] for f in found('<crowd-form><input name="a"></crowd-form>')] == ["missing-loader"]


@pytest.mark.parametrize(("length", "codes"), [(128_000, []), (128_001, ["over-size"])])
def test_the_size_that_a2i_takes(length, codes):
    """128,000 characters are the limit of CreateHumanTaskUi."""
    template = page("")
    assert [f[0] for f in found(template + " " * (length - len(template)))] == codes


@pytest.mark.parametrize(("length", "severity"), [(128_001, "note"), (3_145_729, "error")])
def test_the_size_of_input_that_a2i_takes(length, severity):
    """A loop takes 3 MiB, a preview on AWS less."""
    sizes = [f[:2] for f in found(page("{{ task.input.a }}"), {"a": "x" * length}) if f[0] == "input-over-size"]
    assert sizes == [("input-over-size", severity)]


def test_an_empty_template_is_an_error():
    assert [f[:3] for f in found("")] == [("empty", "error", 1)]


@pytest.mark.parametrize("host", ["https://example.org", "example.org"])
def test_a_host_that_the_owner_allows_is_no_finding(host):
    template = page('<script src="https://example.org/chart.js"></script>')
    assert [f[0] for f in found(template)] == ["blocked-resource"]
    assert found(template, allow_hosts=[host]) == []


def test_the_end_of_a_block_that_is_missing_is_shown_where_the_block_begins():
    """Not at the end of the file, where nothing is to be seen."""
    template = page("{% for x in task.input.a %}\n{% if x %}{% endif %}")
    assert found(template)[0] == ("syntax", "error", 3, "{% for x in task.input.a %}")


def test_every_unknown_filter_is_named_at_once():
    assert [f[3] for f in found(page("{{ 1 | a }}{{ 2 | b }}")) if f[0] == "syntax"] == ["a }}{{ 2 | b }}", "b }}"]


def test_a_long_line_is_shown_around_the_place():
    finding = lint(page("<p>" + "x" * 500 + "</p><crowd-nothing></crowd-nothing>" + "y" * 500))[0]
    text, caret = finding.excerpt.split("\n")
    assert text[caret.index("^") :].startswith("<crowd-nothing>")
    assert len(text) < 120
