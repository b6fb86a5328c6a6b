"""The home directory: made once, private, lockable, and clear about what is wrong with it."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from a2i_al.errors import HomeInUse, HomeNotWritable, InvalidInput
from a2i_al.local.home import Home


def test_keys_are_made_once_at_random_and_for_the_owner_only(tmp_path):
    one, other = Home.open(tmp_path / "one"), Home.open(tmp_path / "other")
    assert Home.open(tmp_path / "one") == one
    assert one.credentials != other.credentials
    assert one.portal_token != other.portal_token
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o700
    for name in ("credentials.json", "secret", "config.json"):
        assert stat.S_IMODE((tmp_path / "one" / name).stat().st_mode) == 0o600


def test_opening_at_once_makes_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Home.open(tmp_path / "home"), range(16)))
    assert len({home.credentials for home in opened}) == 1
    assert len({home.portal_token for home in opened}) == 1


def test_no_secret_shows_in_a_repr(tmp_path):
    home = Home.open(tmp_path)
    assert home.credentials.secret_access_key not in repr(home)
    assert home._secret.decode().strip() not in repr(home)


def test_one_server_at_a_time(tmp_path):
    home = Home.open(tmp_path)
    with home.lock(), pytest.raises(HomeInUse, match="another embedded A2I serves"), Home.open(tmp_path).lock():
        pass
    with home.lock():
        pass


def test_a_home_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeNotWritable, match="set A2I_AL_HOME"):
        Home.open(tmp_path / "file" / "home")


def test_a_damaged_file_is_named(tmp_path):
    Home.open(tmp_path)
    (tmp_path / "credentials.json").write_text("{")
    with pytest.raises(InvalidInput, match=r"credentials\.json"):
        Home.open(tmp_path)


def test_settings_are_kept_and_checked(tmp_path):
    assert Home.open(tmp_path).configure(s3="aws").config.s3 == "aws"
    assert Home.open(tmp_path).config.s3 == "aws"
    with pytest.raises(InvalidInput, match="'embedded' or 'aws'"):
        Home.open(tmp_path).configure(s3="elsewhere")


def test_a_port_that_cannot_be_read_is_none(tmp_path):
    home = Home.open(tmp_path)
    assert home.last_port == 0
    home.keep_port(8470)
    assert Home.open(tmp_path).last_port == 8470
    for damaged in ("", "x", "-1", "70000"):
        (tmp_path / "port").write_text(damaged)
        assert home.last_port == 0


def test_an_announcement_that_cannot_be_read_is_none(tmp_path):
    home = Home.open(tmp_path)
    assert home.announced() is None
    home.announce(url="http://127.0.0.1:1")
    assert home.announced() == {"url": "http://127.0.0.1:1"}
    (tmp_path / "service.json").write_text("{")
    assert home.announced() is None
