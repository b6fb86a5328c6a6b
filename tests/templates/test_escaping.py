"""Whatever an item holds, it stays text: no value leaves the element, attribute or script that it was printed in."""

import json
from html.parser import HTMLParser

from hypothesis import given, strategies as st

from a2i_al.errors import InvalidTemplate
from a2i_al.templates import load, render
from a2i_al.templates.liquid import environment

NASTY = st.sampled_from(["</script>", "<script>", "<!--", '"', "'", "&quot;", "{{ x }}", "{% if %}", "\u2028", "\x00"])
TEXT = st.lists(st.one_of(NASTY, st.text(max_size=5)), max_size=5).map("".join)
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), TEXT
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
PAGE = '<p id="{{ task.input.x }}">{{ task.input.x }}</p><script>v = "{{ task.input.x }}"</script><i></i>'


class Tags(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


@given(JSON)
def test_no_value_adds_a_tag_or_an_attribute(value):
    """The page has the same tags and attribute names whatever the item holds."""
    tags = Tags(render(PAGE, {"x": value}).html).tags
    assert [(tag, list(attributes)) for tag, attributes in tags] == [("p", ["id"]), ("script", []), ("i", [])]


@given(TEXT)
def test_text_arrives_as_it_was(text):
    """An attribute's value, read back as a browser reads it, is the item's text; HTML knows one kind of line break."""
    arrived = dict(Tags(render('<p id="{{ task.input.x }}">', {"x": text}).html).tags[0][1])["id"]
    assert arrived.replace("\ufffd", "\x00") == "\n".join(text.replace("\r\n", "\r").split("\r")).replace(
        "\ufffd", "\x00"
    )


@given(JSON)
def test_json_in_a_script_is_the_value_and_stays_inside(value):
    out = render("<script>v = {{ task.input.x | to_json | skip_autoescape }}</script><i></i>", {"x": value}).html
    reader = Tags(out)
    assert [tag for tag, _ in reader.tags] == ["script", "i"]
    assert json.loads(reader.text[0].removeprefix("v = ")) == value


@given(st.sampled_from(sorted(set(environment().filters) - {"skip_autoescape", "date", "grant_read_access"})), TEXT)
def test_no_filter_but_skip_autoescape_lets_markup_through(name, text):
    """Every other filter's result is escaped, whatever it made of the text."""
    argument = {"sort": "", "size": ""}.get(name, ": task.input.x")
    for template in (f"{{{{ task.input.x | {name} }}}}", f"{{{{ 'a' | {name}{argument} }}}}"):
        try:
            out = render(template, {"x": "<i>" + text}).html
        except InvalidTemplate:
            continue
        assert "<" not in out


@given(st.lists(TEXT.filter(str.strip), min_size=1, max_size=6, unique=True))
def test_labels_of_any_text_arrive_in_the_page_as_they_were(labels):
    """Quotes, braces, tags and Liquid in a label are text in a template that stays valid."""
    source = load("text-classification").with_labels(labels)
    tags = dict(Tags(render(source, {"text": "x"}).html).tags)
    assert json.loads(tags["crowd-classifier"]["categories"]) == labels
