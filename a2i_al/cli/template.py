"""`a2i-al template …`: worker task templates checked, rendered, listed, and begun from the catalogue."""

from __future__ import annotations

import argparse
import json
import mimetypes
import secrets
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from a2i_al import places, templates
from a2i_al.errors import InvalidInput, InvalidTemplate

_OK, _ERROR = 0, 1


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command with its own commands."""
    group = commands.add_parser("template", help="worker task templates: check, render, begin one")
    template = group.add_subparsers(required=True, metavar="COMMAND")

    check = template.add_parser("check", help="find what is wrong with a template, and which fields it answers")
    check.add_argument("file", metavar="FILE", help="the template; - reads standard input")
    check.add_argument("--input", metavar="ROW.json", help="an item, as the template reads it under task.input")
    check.add_argument("--json", action="store_true", help="print findings and fields as JSON")
    check.set_defaults(run=_check)

    render = template.add_parser("render", help="write the page that a worker would see, as one file")
    render.add_argument("file", metavar="FILE", help="the template; - reads standard input")
    render.add_argument("--input", metavar="ROW.json", required=True, help="the item to show")
    render.add_argument("--out", metavar="PAGE.html", required=True, help="the file to write; - prints it")
    render.add_argument(
        "--files",
        metavar="DIR",
        help="put the files of this folder into the page, where the item names them s3://…/<file name>;"
        " what is not there shows as a placeholder",
    )
    render.set_defaults(run=_render)
    for command in (check, render):
        command.add_argument(
            "--allow-host",
            metavar="HOST",
            action="append",
            default=[],
            help="the page may load scripts, styles and pictures from there (may be repeated)",
        )

    template.add_parser("list", help="list the catalogue").set_defaults(run=_list)

    new = template.add_parser("new", help="begin a template from the catalogue")
    new.add_argument("name", metavar="NAME", help="one of those that `a2i-al template list` shows")
    new.add_argument("--labels", metavar="A,B", help="the categories, with commas between them")
    new.add_argument("--out", metavar="FILE", default="-", help="the file to write (default: print it)")
    new.set_defaults(run=_new)


def _check(arguments: argparse.Namespace) -> int:
    source = _source(arguments.file)
    found = templates.lint(source, _row(arguments.input) if arguments.input else None, allow_hosts=arguments.allow_host)
    if arguments.json:
        print(json.dumps({"file": arguments.file, **found.to_dict()}, indent=2, ensure_ascii=False))
        return _OK if found.ok else _ERROR
    for finding in found:
        print(f"{arguments.file}:{finding}")
    width = max(map(len, found.fields), default=0)
    print("answers:" if found.fields else "answers: nothing")
    for name, kind in found.fields.items():
        print(f"  {name:{width}}  {kind}")
    print(found.summary())
    return _OK if found.ok else _ERROR


def _render(arguments: argparse.Namespace) -> None:
    source, row = _source(arguments.file), _row(arguments.input)
    rendered = templates.render(source, row, grant_read_access=_beside(arguments.files) if arguments.files else None)
    page = templates.worker_page(rendered.html, nonce=secrets.token_hex(16), allow_hosts=arguments.allow_host)
    for name in rendered.undefined:
        print(f"a2i-al: {name} is not in {arguments.input}: it prints as nothing", file=sys.stderr)
    _write(arguments.out, page)


def _list(_: argparse.Namespace) -> None:
    table = templates.catalogue()
    width = max(map(len, table["name"]), default=0)
    for name, description in zip(table["name"], table["description"], strict=True):
        print(f"{name:{width}}  {description}")


def _new(arguments: argparse.Namespace) -> None:
    template = templates.load(arguments.name)
    labels = [label.strip() for label in arguments.labels.split(",")] if arguments.labels else None
    if arguments.out != "-" and Path(arguments.out).exists():
        raise InvalidInput(f"{arguments.out} is there already", fix="remove it, or choose another --out")
    _write(arguments.out, template.with_labels(labels) if labels else template.source)


def _source(file: str) -> str:
    return _read(file, InvalidTemplate)


def _row(file: str) -> dict[str, Any]:
    text = _read(file, InvalidInput)
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{file} is not JSON: {error}", expected='an object such as {"text": "…"}') from error
    if not isinstance(row, dict):
        raise InvalidInput(f"{file} holds a {type(row).__name__}", expected="one object: the item's columns")
    return row


def _read(file: str, error: type[InvalidInput]) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise error(f"{file} cannot be read: {reason}") from reason


def _write(file: str, text: str) -> None:
    if file == "-":
        sys.stdout.write(text)
        return
    page = places.file("--out", file)
    with places.written("--out", page):
        page.write_text(text, "utf-8")
    print(f"wrote {file}", file=sys.stderr)


def _beside(folder: str) -> Callable[[str], str]:
    """Return what gives the page a file of this folder for the s3:// URI that ends in its name."""

    def granted(uri: str) -> str:
        path = Path(folder) / PurePosixPath(uri).name
        if not path.is_file():
            from a2i_al.templates.rendering import picture_of_uri  # noqa: PLC0415  # Liquid loads with its first use

            return picture_of_uri(uri)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"

    return granted
