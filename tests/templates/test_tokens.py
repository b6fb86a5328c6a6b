"""The lexer: python-liquid's tokens for whatever is written, and no search for what is not to be found any more."""

import re

import pytest
from hypothesis import given, strategies as st
from liquid import Environment
from liquid.exceptions import LiquidError

from a2i_al.errors import InvalidTemplate
from a2i_al.templates import check_syntax, render, tokens
from a2i_al.templates.tokens import template_tokens

PIECES = [
    *("{{", "}}", "{%", "%}", "-", " ", "\n", "{", "}", "%", "#", "x", "'", '"', "|", "\u00a0"),
    *("comment", "endcomment", "raw", "endraw", "doc", "enddoc", "if", "liquid"),
    *("{% comment %}", "{% endcomment %}", "{%- raw -%}", "{%- endraw -%}", "{% doc %}", "{% enddoc -%}", "{{ a -}}"),
    *("{%- if a -%}", " text ", "\n\n", "{{- b }}", "{% # note %}"),
]


def read(lexer, source):
    """Return the tokens, or the message and the place of the refusal."""
    try:
        return [(token.kind, token.value, token.start_index) for token in lexer(source)]
    except LiquidError as error:
        return str(error.message), error.token.start_index


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_the_tokens_are_python_liquid_s(source):
    """Whatever is written, closed or not, stripped or not, in comments and raw blocks: no token differs."""
    assert read(template_tokens, source) == read(Environment().tokenizer(), source)


class Counting(str):
    """A source that counts the characters which searches in it may look at."""

    __slots__ = ()
    looked_at = 0

    def find(self, wanted, start=0, *more):
        found = super().find(wanted, start, *more)
        Counting.looked_at += (len(self) if found < 0 else found) - start
        return found


class CountingPattern:
    """A pattern that does the same."""

    def __init__(self, pattern):
        self.pattern = pattern

    def search(self, source, start=0):
        found = self.pattern.search(source, start)
        Counting.looked_at += (found.end() if found else len(source)) - start
        return found


HOSTILE = [
    "{{",
    "{{ ",
    "{%",
    "{% a ",
    "{% raw %}",
    "{% doc %}",
    "{%- raw -%}{% endra",
    "{% comment %}",
    "{% comment %}{{",
    "{{ '",
    "{% if a %}",
    "{" + " " * 50,
    "{% comment %}{% endcomment",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_markup_is_searched_from_end_to_end_again_and_again(piece, monkeypatch):
    """A source of nothing but openings is searched a few times in all, not once for each of them."""
    monkeypatch.setattr(tokens, "_OPENING", CountingPattern(tokens._OPENING))
    ends = {name: CountingPattern(pattern) for name, pattern in tokens._WHOLE_END.items()}
    monkeypatch.setattr(tokens, "_WHOLE_END", ends)
    monkeypatch.setattr(Counting, "looked_at", 0)
    source = Counting("{% comment %}" + piece * (60_000 // len(piece)))
    read(template_tokens, source)
    read(template_tokens, Counting(source[13:]))
    assert Counting.looked_at < 12 * len(source)


@pytest.mark.parametrize(
    "hostile",
    [
        "<p>\n{{ " + "(" * 100_000 + " }}",
        "<p>\n{{ a" + "['x" * 40_000 + " }}",
        "<p>\n" + "{{ " + "(1" * 3_000 + " }}" + "{% assign a = " + "('b" * 10_000 + " %}",
        "<p>\n{% liquid assign a = 1" + " " * 100_000 + "x %}",
    ],
)
def test_an_expression_that_would_take_long_to_be_read_is_refused_before(hostile, monkeypatch):
    """python-liquid never sees it; the refusal says where it is."""
    monkeypatch.setattr("liquid.builtin.output.tokenize", lambda *_: pytest.fail("it was read"))
    monkeypatch.setattr("liquid.stream.tokenize", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(InvalidTemplate, match="too many brackets or spaces") as refused:
        check_syntax(hostile)
    assert (refused.value.code, refused.value.line) == ("ResourceLimitExceeded", 2)


@pytest.mark.parametrize(("source", "line", "under"), [("<p>\n a {{ b", 2, "{{ b"), ("\n\n{% if a", 3, "{% if a")])
def test_what_is_never_closed_is_shown_with_line_and_caret(source, line, under):
    with pytest.raises(InvalidTemplate) as refused:
        check_syntax(source)
    excerpt, caret = str(refused.value).splitlines()[1:3]
    assert refused.value.line == line
    assert excerpt[caret.index("^") :].startswith(under)


def test_a_template_of_the_largest_size_passes():
    """128,000 characters of ordinary markup are neither refused nor changed."""
    row = "{% if task.input.rows[0]['a-b'] == 'x (y) [z]' %}<p>{{ task.input.text | upcase }}</p>{% endif %}\n"
    template = (row * (128_000 // len(row) + 1))[: 128_000 // len(row) * len(row)]
    check_syntax(template)
    html = render(template, {"rows": [{"a-b": "x (y) [z]"}], "text": "hi"}).html
    assert len(re.findall("<p>HI</p>", html)) == 128_000 // len(row)
