"""A2I's dialect of Liquid: the documented pairs, JSON for objects, undefined names, errors and bounds."""

import json

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidTemplate
from a2i_al.templates import check_syntax, render

# https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-custom-templates.html
DOCUMENTED = [
    (
        """{{ "Have you read 'James & the Giant Peach'?" }}""",
        "Have you read &#39;James &amp; the Giant Peach&#39;?",
    ),
    (
        """{{ "Have you read 'James & the Giant Peach'?" | escape }}""",
        "Have you read &#39;James &amp; the Giant Peach&#39;?",
    ),
    (
        """{{ "Have you read 'James &amp; the Giant Peach'?" | escape_once }}""",
        "Have you read &#39;James &amp; the Giant Peach&#39;?",
    ),
    (
        """{{ "Have you read 'James & the Giant Peach'?" | skip_autoescape }}""",
        "Have you read 'James & the Giant Peach'?",
    ),
]
POINT = {"point_number": 8, "coords": [59, 76]}


def html(template, task_input=None, **options):
    return render(template, task_input or {}, **options).html


@pytest.mark.parametrize(("template", "expected"), DOCUMENTED)
def test_escaping_is_as_amazon_documents_it(template, expected):
    assert html(template) == expected


def test_grant_read_access_is_as_amazon_documents_it():
    """An s3:// URI becomes the URL that is granted, escaped like any other output."""
    url = html(
        '{{ "s3://examplebucket/myphoto.png" | grant_read_access }}',
        grant_read_access=lambda uri: uri.replace("s3://", "https://s3.amazonaws.com/") + "?token=1&more=2",
    )
    assert url == "https://s3.amazonaws.com/examplebucket/myphoto.png?token=1&amp;more=2"


def test_to_json_gives_json_that_is_escaped_once_by_whichever_way():
    """Bare, and through `escape`, an object prints as the same escaped JSON; skip_autoescape leaves it bare."""
    escaped = "{&quot;point_number&quot;:8,&quot;coords&quot;:[59,76]}"
    assert html("{{ task.input.p | to_json }}", {"p": POINT}) == escaped
    assert html("{{ task.input.p | to_json | escape }}", {"p": POINT}) == escaped
    assert json.loads(html("{{ task.input.p | to_json | skip_autoescape }}", {"p": POINT})) == POINT


def test_objects_and_arrays_print_as_json_without_a_filter():
    assert html("{{ task }}", {"a": [1, "x"]}) == "{&quot;input&quot;:{&quot;a&quot;:[1,&quot;x&quot;]}}"
    assert html("{{ task.input.a }}", {"a": [1, None, True]}) == "[1,null,true]"


def test_json_cannot_end_the_script_it_stands_in():
    """The usual idiom `var x = {{ … | to_json | skip_autoescape }}` is safe from a closing tag in the data."""
    out = html("{{ task.input.x | to_json | skip_autoescape }}", {"x": "</script><!--<script>"})
    assert "</" not in out
    assert "<!--" not in out
    assert json.loads(out) == "</script><!--<script>"


def test_only_the_escaping_filters_mark_text_as_safe():
    """A filter after them that adds text adds it escaped; any other filter's result is escaped when printed."""
    assert html("{{ task.input.x | newline_to_br }}", {"x": "a\nb"}) == "a&lt;br /&gt;\nb"
    assert html("{{ task.input.x | strip_html }}", {"x": "<<b>i>"}) == "&lt;i&gt;"
    assert html("{% cycle task.input.x, 'b' %}", {"x": "<i>"}) == "&lt;i&gt;"
    assert html("{% echo task.input.x %}", {"x": "<i>"}) == "&lt;i&gt;"


def test_captured_text_is_not_escaped_twice():
    assert html("{% capture c %}<b>{{ task.input.x }}</b>{% endcapture %}{{ c }}", {"x": "&"}) == "<b>&amp;</b>"


def test_a_captured_uri_can_be_granted():
    """The documented idiom: bucket and key joined in a capture, with a key that needs escaping in HTML."""
    granted = []
    html(
        "{% capture uri %}s3://{{ task.input.b }}/{{ task.input.k }}{% endcapture %}{{ uri | grant_read_access }}",
        {"b": "bucket", "k": "a & b.png"},
        grant_read_access=lambda uri: granted.append(uri) or uri,
    )
    assert granted == ["s3://bucket/a & b.png"]


@pytest.mark.parametrize(
    "uri", ["s3://bucket/a b.png", "http://s3.amazonaws.com/bucket/a b.png", "https://s3.amazonaws.com/bucket/a b.png"]
)
def test_grant_read_access_takes_the_three_forms_of_an_s3_uri(uri):
    assert (
        html("{{ task.input.u | grant_read_access }}", {"u": uri}, grant_read_access=lambda u: u)
        == "s3://bucket/a b.png"
    )


@pytest.mark.parametrize("uri", ["", " ", "https://example.org/a.png", "s3://bucket", "s3:///key", "bucket/key"])
def test_grant_read_access_refuses_anything_else_in_amazons_words(uri):
    with pytest.raises(InvalidTemplate) as refused:
        html("{{ task.input.u | grant_read_access }}", {"u": uri})
    assert refused.value.code == "InvalidParameters"
    assert refused.value.message == f'"grant_read_access" input is not a valid S3 URI: "{uri}".'


def test_without_a_grant_the_picture_shows_its_uri_and_loads_nothing():
    url = html("{{ task.input.u | grant_read_access }}", {"u": "s3://bucket/a.png"})
    assert url.startswith("data:image/svg+xml")
    assert "s3%3A//bucket/a.png" in url


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ task.input.source-ref }}", "s3://b/k"),
        ("{{ task.input['source-ref'] }}", "s3://b/k"),
        ("{% for kv in task.input.boxes %}{{ kv[0] }}={{ kv[1]['class-name'] }};{% endfor %}", "0=cat;1=dog;"),
        ("{% increment i %}{% increment i %}{% assign i = 7 %}{{ i }}", "017"),
        ("{{ 0.123 | times: 100 | round: 1 }}", "12.3"),
        ("{% if task.input.none %}y{% else %}n{% endif %}{% if task.input.zero %}y{% endif %}", "ny"),
        ("{% raw %}{{ vue }}{% endraw %}", "{{ vue }}"),
        ("{% comment %}{{ x }}{% endcomment %}<!-- {{ task.input.zero }} -->", "<!-- 0 -->"),
        ("{{ task.input.yes }}{{ nil }}{{ task.input.none }}", "true"),
        ("{{ task.input.names | join: ' & ' }}{{ task.input.names | size }}", "a &amp; b2"),
        ("{{ (1..3) }}", "1..3"),
    ],
)
def test_the_syntax_that_real_templates_use(template, expected):
    task_input = {
        "source-ref": "s3://b/k",
        "boxes": {"0": {"class-name": "cat"}, "1": {"class-name": "dog"}},
        "zero": 0,
        "none": None,
        "yes": True,
        "names": ["a", "b"],
    }
    assert html(template, task_input) == expected


def test_what_is_printed_but_undefined_is_reported_once_with_its_path():
    rendered = render(
        "{{ task.input.txt }}{{ task.input.txt | upcase }}{{ task.input.a[3].b }}{{ other | to_json }}", {"a": [1]}
    )
    assert rendered.undefined == ("task.input.txt", "task.input.a[3].b", "other")
    assert rendered.html == "null"


def test_what_is_only_asked_for_or_has_a_default_is_not_reported():
    rendered = render("{% if task.input.note %}x{% endif %}{{ task.input.note | default: 'none' }}", {})
    assert rendered == type(rendered)("none", ())


def test_an_undefined_name_is_reported_where_it_is_printed_after_an_assign():
    assert render("{% assign t = task.input.typo %}{{ t }}", {}).undefined == ("task.input.typo",)


def test_a_rendered_page_shows_in_a_line():
    """A notebook's cell is not filled with its source."""
    assert repr(render("{{ task.input.typo }}", {})) == "Rendered(html='', undefined=('task.input.typo',))"
    long = repr(render("<p>{{ task.input.text }}</p>" * 300, {"text": "Hi"}))
    assert long.startswith("Rendered(html='<p>Hi</p><p>Hi</p>")
    assert len(long) < 100


@pytest.mark.parametrize(
    ("template", "code", "message", "line"),
    [
        ("a\n  {{ task.input.x | shout }}", "TemplateSyntaxError", "unknown filter 'shout'", 2),
        ("{% frobnicate %}", "TemplateSyntaxError", "unexpected tag 'frobnicate'", 1),
        ("{% include 'other' %}", "TemplateSyntaxError", "unexpected tag 'include'", 1),
        ("{% render 'other' %}", "TemplateSyntaxError", "unexpected tag 'render'", 1),
        ("{{ 1 | divided_by: 0 }}", "TemplateRenderError", "divided_by: can't divide by 0", 1),
        ("\n\n{{ 'x' | grant_read_access }}", "InvalidParameters", None, 3),
    ],
)
def test_errors_carry_code_message_and_line(template, code, message, line):
    with pytest.raises(InvalidTemplate) as refused:
        html(template)
    assert (refused.value.code, refused.value.line) == (code, line)
    assert message in {refused.value.message, None}


def test_syntax_is_checked_without_an_item():
    """What depends on the item passes; what no item can mend is refused as a rendering would be."""
    check_syntax("{{ task.input.picture | grant_read_access }}")
    for wrong, line in (("{% if %}", 1), ("<p>\n{% if false %}{{ x | shout }}{% endif %}", 2)):
        with pytest.raises(InvalidTemplate) as refused:
            check_syntax(wrong)
        assert (refused.value.code, refused.value.line) == ("TemplateSyntaxError", line)


def test_a_filter_that_stumbles_is_an_error_of_the_template():
    """python-liquid lets arithmetic and look-up errors of its filters through; here they name the filter."""
    with pytest.raises(InvalidTemplate, match="sum: InvalidOperation"):
        html("{{ 'a' | sum }}")


def test_what_the_callers_own_grant_raises_reaches_the_caller():
    def grant(uri):
        raise LookupError(uri)

    with pytest.raises(LookupError, match="s3://bucket/a"):
        html("{{ 's3://bucket/a' | grant_read_access }}", grant_read_access=grant)


def test_the_caret_stands_under_the_word_that_is_wrong():
    with pytest.raises(InvalidTemplate) as refused:
        html("<p>\n\t{{ task.input.x | shout }}\n")
    excerpt, caret = str(refused.value).splitlines()[1:3]
    assert excerpt[caret.index("^") :].startswith("shout")


def test_attributes_of_python_objects_cannot_be_reached():
    """No path leads from a value to its class, its methods or the rendering machinery."""
    for path in ("task.__class__", "task.input.x.upper", "task.input.x['__class__']", "forloop", "grant_read_access"):
        assert html("{{ %s }}" % path, {"x": "text"}) == ""  # noqa: UP031


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in (1..99999999) %}x{% endfor %}",
        "{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}",
        "{% for i in (1..200000) %}{% endfor %}{% for i in (1..200000) %}{% endfor %}",
        "{% tablerow i in (1..99999999) %}x{% endtablerow %}",
        '{{ (1..9999999) | join: "x" | size }}',
        "{{ (1..99999999999) | size }}",
        "{% assign s = 'abcdefgh' %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}",
        "{% assign s = 'ab' %}{% for i in (1..9) %}{% assign s = s | replace: '', s %}{% endfor %}",
        "{% assign n = 9999999 %}{% for i in (1..40) %}{% assign n = n | times: n %}{% endfor %}",
        "{% for i in (1..200000) %}0123456789012345678901234567890123456789012345{% endfor %}",
        "{% if a %}" * 50 + "{% endif %}" * 50,
        "{{ a" + "[a" * 20_000 + "]" * 20_000 + " }}",
    ],
)
def test_no_template_runs_away(template):
    """Loops, ranges in filters, doubling texts and numbers, output and nesting all end in a refusal."""
    with pytest.raises(InvalidTemplate):
        html(template)


def test_an_ordinary_large_item_is_not_refused():
    """The bounds leave room for the largest InputContent, 3 MiB, printed as text and as JSON."""
    words = ["lorem"] * 300_000
    assert len(html("{% for w in task.input.w limit: 1000 %}{{ w }}{% endfor %}{{ task.input.w }}", {"w": words})) > 1e6
    assert len(html("{{ task.input.t | upcase | escape }}", {"t": "x" * 3_000_000})) == 3_000_000


def test_the_input_may_hold_what_a_dataframe_row_holds():
    """numpy scalars and arrays, timestamps and missing values read as JSON does."""
    row = {"n": np.int64(7), "f": np.float32(0.5), "a": np.array([1, 2]), "t": pd.Timestamp("2026-01-02"), "m": np.nan}
    out = html("{{ task.input | to_json | skip_autoescape }}", row)
    assert json.loads(out) == {"n": 7, "f": 0.5, "a": [1, 2], "t": "2026-01-02T00:00:00", "m": None}


def test_half_a_surrogate_pair_does_not_break_the_page():
    assert html("{{ task.input.x }}", {"x": "a\ud800b"}).encode("utf-8") == b"a?b"


def test_input_that_is_not_json_is_refused_by_name():
    with pytest.raises(InvalidTemplate, match="object at"):
        html("x", {"x": object()})
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidTemplate, match="nested too deep"):
        html("x", {"x": deep})
