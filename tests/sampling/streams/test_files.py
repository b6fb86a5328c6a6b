"""What a path, a pattern or a URI stands for: the files that a reader means, no other, and none left out."""

from pathlib import Path

import pyarrow.fs
import pytest
from hypothesis import example, given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample
from a2i_al.sampling.streams.files import find_files
from a2i_al.sampling.streams.parquet_file import readable

FILES = [
    "a.parquet",
    "b.parquet",
    "c.PARQUET",
    "d.parq",
    "notes.txt",
    "_SUCCESS",
    "_tmp.parquet",
    ".hidden.parquet",
    "sub/e.parquet",
    "sub/deep/f.parquet",
    "_temporary/g.parquet",
    "_day=1/h.parquet",
    "run[1]/i.parquet",
    "run1/j.parquet",
]


@pytest.fixture
def folder(tmp_path):
    """Give a folder of empty files: only their names count here."""
    for name in FILES:
        path = tmp_path / "pool" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "pool"


def names(source, folder, filesystem=None):
    return [Path(path).relative_to(folder).as_posix() for _, path in find_files(source, filesystem)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.parquet", ["a.parquet", "b.parquet"]),
        ("[ab].parquet", ["a.parquet", "b.parquet"]),
        ("[!a].parquet", ["b.parquet"]),
        ("run[[]1[]]/*", ["run[1]/i.parquet"]),
        ("[!]].parquet", ["a.parquet", "b.parquet"]),
        ("[^b-z].parquet", ["a.parquet"]),
        ("?.parquet", ["a.parquet", "b.parquet"]),
        ("_*.parquet", ["_tmp.parquet"]),
        (".*.parquet", [".hidden.parquet"]),
        ("*", ["a.parquet", "b.parquet", "c.PARQUET", "d.parq", "notes.txt"]),
        ("sub/**/*.parquet", ["sub/deep/f.parquet", "sub/e.parquet"]),
        ("sub/**", ["sub/deep/f.parquet", "sub/e.parquet"]),
        ("**/e.parquet", ["sub/e.parquet"]),
        ("**/deep/*", ["sub/deep/f.parquet"]),
        ("s**.parquet", ["sub/deep/f.parquet", "sub/e.parquet"]),
        ("*/*.parquet", ["_day=1/h.parquet", "run1/j.parquet", "run[1]/i.parquet", "sub/e.parquet"]),
        ("run[1]/*.parquet", ["run[1]/i.parquet"]),
        ("run[1]", ["run[1]/i.parquet"]),
        ("run[1]/i.parquet", ["run[1]/i.parquet"]),
        ("run[12]/*", ["run1/j.parquet"]),
    ],
)
@pytest.mark.parametrize("how", ["text", "URI", "file system"])
def test_a_pattern_names_the_files_that_it_names_elsewhere(folder, pattern, expected, how):
    """As in a shell that knows ``**``; what is there under the very name is no pattern."""
    source = f"{folder.as_uri()}/{pattern}" if how == "URI" else str(folder / pattern)
    base = pyarrow.fs.LocalFileSystem() if how == "file system" else None
    assert sorted(names(source, folder, base)) == expected


def test_two_stars_are_any_number_of_folders_none_included(folder):
    """The files right in the folder are part of it."""
    deep = ["a.parquet", "b.parquet", "_day=1/h.parquet", "run1/j.parquet", "run[1]/i.parquet"]
    assert sorted(names(f"{folder}/**/*.parquet", folder)) == sorted([*deep, "sub/e.parquet", "sub/deep/f.parquet"])


def test_a_folder_is_all_the_parquet_in_it(folder):
    """Whatever its suffix is; not what writers keep for themselves, but a partition by a column of any name."""
    missing = {"notes.txt", "_SUCCESS", "_tmp.parquet", ".hidden.parquet", "_temporary/g.parquet"}
    assert set(names(folder, folder)) == set(FILES) - missing


@given(st.text("ab/*?[].!\\^-&~|", min_size=1, max_size=8))
@example("[^]")
@example("[b-a]")
@example("[]]")
@example("[?--]")
def test_no_pattern_is_too_odd(pattern):
    """It matches nothing where nothing is; no foreign error comes of it."""
    with pytest.raises(InvalidInput, match="nowhere"):
        find_files(f"nowhere/{pattern}")


def test_files_of_a_list_come_in_its_order_each_once(folder):
    """Named twice, or by a folder as well, is there once; files of one place share its connections."""
    found = find_files([folder / "sub", (folder / "b.parquet").as_uri(), str(folder / "sub" / "e.parquet")])
    assert [Path(path).name for _, path in found] == ["f.parquet", "e.parquet", "b.parquet"]
    assert len({id(base) for base, _ in found}) == 1


def test_each_of_a_list_has_to_be_there(folder):
    """A name that is mistyped does not leave its rows out."""
    with pytest.raises(InvalidInput, match=r"no Parquet file at .*nowhere\.parquet"):
        find_files([folder / "a.parquet", folder / "nowhere.parquet"])


@pytest.mark.parametrize("source", ["", " ", [""]])
def test_an_empty_path_is_not_the_current_folder(source):
    """A variable that was not filled in reads nothing by chance."""
    with pytest.raises(InvalidInput, match="the path is empty"):
        find_files(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("nowhere://bucket/x", "nowhere://bucket/x cannot be reached: .*To fix: check the address"),
        ("s3://a bucket/x", r"cannot be reached: .*a space is %20"),
        (Path("s3://pools/week"), "s3:/pools/week is a URI as a Path.*pass it as a text"),
    ],
)
def test_an_address_that_leads_nowhere_is_not_a_broken_file(source, words):
    """The message says what to look at."""
    with pytest.raises(InvalidInput, match=words) as raised:
        sample(source, 1)
    assert "write the file again" not in str(raised.value)


def test_a_service_that_does_not_answer_is_no_broken_file():
    """What to look at is the address and the network; so it is where it stops answering in the middle of a file."""

    class Unreachable:
        def get_file_info(self, _):
            raise OSError("AWS Error NETWORK_CONNECTION")

    with pytest.raises(InvalidInput, match=r"pools/week cannot be reached: AWS Error.*check the address") as raised:
        find_files("pools/week", Unreachable())
    assert "write the file again" not in str(raised.value)
    with pytest.raises(InvalidInput, match="check the network"), readable("week/0.parquet", local=False):
        raise OSError("AWS Error NETWORK_CONNECTION")
