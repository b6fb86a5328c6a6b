"""The document around a rendered template: policy, loader replaced, and an import that stays light."""

import re
import subprocess
import sys

import pytest

from a2i_al import templates
from a2i_al.errors import InvalidInput
from a2i_al.templates import preview_page, worker_page
from a2i_al.templates.page import ELEMENTS, SHARED

NONCE = "0123456789abcdef"


@pytest.mark.parametrize(
    "loader",
    [
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>',
        "<SCRIPT type='text/javascript' src='//assets.crowd.aws/crowd-html-elements-v2.js' defer > </SCRIPT >",
        '<link rel="stylesheet" href="https://assets.crowd.aws/css/crowd-html-elements-v2.css">',
    ],
)
def test_amazons_loader_is_replaced_by_our_elements(loader):
    page = worker_page(f"{loader}<crowd-form></crowd-form>", nonce=NONCE)
    assert "assets.crowd.aws" not in page
    assert "define('crowd-form'" in page


def test_other_scripts_of_the_template_stay():
    page = worker_page('<script src="https://example.org/x.js"></script><script>mine()</script>', nonce=NONCE)
    assert "https://example.org/x.js" in page
    assert "mine()" in page


def test_the_policy_comes_before_anything_of_the_template_and_names_the_hosts():
    page = worker_page("<p>hello</p>", nonce=NONCE, img_hosts=["http://127.0.0.1:8080"])
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.end() < page.index("<p>hello")
    assert "default-src 'none'" in policy[1]
    assert "connect-src 'none'; form-action 'none'; base-uri 'none'" in policy[1]
    assert "img-src data: blob: https://*.amazonaws.com http://127.0.0.1:8080;" in policy[1]


@pytest.mark.parametrize("host", ["a b", "x; script-src *", '"', "'self'", ""])
def test_a_host_cannot_widen_the_policy(host):
    with pytest.raises(InvalidInput, match="img_hosts"):
        worker_page("", nonce=NONCE, img_hosts=[host])


@pytest.mark.parametrize("nonce", ["", "short", '0123456789abcde"', "0123456789abcdef\n"])
def test_a_nonce_is_plain_and_long_enough(nonce):
    with pytest.raises(InvalidInput, match="nonce"):
        worker_page("", nonce=nonce)


def test_every_preview_has_a_nonce_of_its_own():
    nonces = {re.search(r'NONCE = "(\w+)"', preview_page("x", {}))[1] for _ in range(5)}
    assert len(nonces) == 5
    assert all(len(nonce) == 32 for nonce in nonces)


def test_a_preview_says_what_the_input_lacks_and_escapes_it():
    page = preview_page("{{ task.input['<b>'] }}", {})
    assert "task.input.&lt;b&gt; is not in the input" in page


def test_the_elements_are_complete_and_can_be_inlined():
    """Every script file is part of the page, and none holds what would end the script it is inlined in."""
    assert {path.stem for path in (ELEMENTS / "shared").glob("*.js")} == {*SHARED, "start"}
    page = worker_page("", nonce=NONCE)
    for path in ELEMENTS.rglob("*.*"):
        text = path.read_text("utf-8")
        assert text in page
        assert "</" not in text
        assert "//cdn" not in text


def test_the_scripts_of_a_page_stay_small():
    """What every page carries, and every saved notebook with it."""
    assert sum(path.stat().st_size for path in ELEMENTS.rglob("*.js")) < 200_000


def test_the_public_names_are_all_there_and_no_others():
    assert dir(templates) == sorted(templates.__all__)
    assert all(getattr(templates, name) for name in templates.__all__)
    with pytest.raises(AttributeError):
        _ = templates.nothing


def test_importing_the_package_takes_neither_liquid_nor_pandas_with_it():
    program = "import sys, a2i_al.templates; print({'liquid', 'pandas', 'boto3', 'starlette'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
