"""Tags of a template with their places: Liquid masked character by character, blocks and forms remembered."""

from hypothesis import given, strategies as st

from a2i_al.templates.markup import DYNAMIC, read_markup


@given(st.text(alphabet="{}%<>/= 'ab\"\n-!", max_size=60))
def test_places_survive_the_mask(source):
    """The masked text has the length and the lines of the source."""
    markup = read_markup(source)
    assert len(markup.text) == len(source)
    assert markup.text.count("\n") == source.count("\n")
    assert all(source[tag.offset] == "<" for tag in markup.tags)


def test_liquid_in_a_tag_is_dynamic_and_does_not_end_it():
    (tag,) = read_markup("""<p {% if a > b %}x="1"{% endif %} y="{{ 'a' | append: ">" }}z">""").tags
    assert tag.attributes == {"x": "1", "y": f"{DYNAMIC * 23}z"}


def test_what_is_commented_out_is_not_there_and_what_is_raw_is():
    names = [tag.name for tag in read_markup("{% comment %}<a>{% endcomment %}{% raw %}<b>{{ x }}{% endraw %}").tags]
    assert names == ["b"]


def test_scripts_are_known_by_their_inside():
    source = "<script>a < b; '<p>'</script><style>c"
    markup = read_markup(source)
    assert [markup.raw_at(source.index(text)) for text in ("<script", "a <", "</script", "<style", "c")][:4] == [
        "",
        "script",
        "",
        "",
    ]


def test_branches_exclude_each_other_and_loops_repeat():
    first, second, third = read_markup("{% if x %}<a>{% elsif y %}{% for z in w %}<b>{% endfor %}{% endif %}<i>").tags
    assert first.in_other_branch(second)
    assert not first.in_other_branch(third)
    assert [tag.repeats for tag in (first, second, third)] == [False, True, False]


def test_a_tag_knows_its_form_and_whether_it_was_closed():
    form, field, after = read_markup("<crowd-form><crowd-input name=a></crowd-form><p>").tags
    assert form.closed
    assert not field.closed
    assert field.inside == {"crowd-form"}
    assert not after.inside
