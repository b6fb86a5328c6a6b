"""The bytes of an output: what is no JSON object, or an ambiguous one, says why."""

import json

import pytest

from a2i_al.errors import InvalidOutput
from a2i_al.harvest.loading import LARGEST, check_size, load_output


def test_a_byte_order_mark_is_no_part_of_the_file():
    """Windows editors put one before UTF-8."""
    assert load_output(b'\xef\xbb\xbf{"a": "\xc3\xa9"}') == {"a": "é"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"a": 1}'.encode("utf-16"), "begins as UTF-16"),
        ('{"a": 1}'.encode("utf-16-be"), "not JSON"),
        ('{"a": "é"}'.encode("latin-1"), "byte 7 is not UTF-8."),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' twice"),
        (b'{"a": ' + b"1" * 5000 + b"}", "not JSON that can be read"),
        (b'{"a": 1}{"a": 2}', "Extra data"),
        (b'"text"', "holds a str"),
    ],
)
def test_what_cannot_be_trusted_says_why(data, words):
    """Other encodings, keys that come twice and numbers without end each have their reason."""
    with pytest.raises(InvalidOutput) as caught:
        load_output(data)
    assert words in str(caught.value)


def test_a_file_of_any_size_up_to_the_limit_is_read():
    """Masks of megabytes are answers like others; fifty megabytes are none."""
    megabytes = json.dumps({"a": "x" * 3_000_000}).encode()
    assert len(load_output(megabytes)["a"]) == 3_000_000
    check_size(LARGEST)
    with pytest.raises(InvalidOutput, match="the file has 50 MB"):
        check_size(50_000_000)
    with pytest.raises(InvalidOutput, match="at most"):
        load_output(b" " * (LARGEST + 1))
