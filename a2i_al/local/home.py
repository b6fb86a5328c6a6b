"""The home directory of the embedded A2I: a path comes in; its keys, settings, lock and folders go out.

Everything the service knows lies here, so that moving, backing up or deleting a folder is all there is to it.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import math
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from a2i_al.errors import HomeInUse, HomeNotWritable, InvalidInput
from a2i_al.settings import Credentials, home_directory

_PRIVATE = 0o600
_HIGHEST_PORT = 65_535
EMBEDDED, AWS = "embedded", "aws"


@dataclass(frozen=True)
class Config:
    """What `config.json` holds.

    Parameters
    ----------
    s3 : str
        Where ``s3://`` URIs lead: ``"embedded"``, the folders of the home, or ``"aws"``, the S3 that boto3 finds.
    region, account : str
        Parts of every ARN.
    requests_per_second : float
        Of the runtime API, beyond which it throttles; 0 is no limit. A2I has one, but does not publish it.
    loops_in_flight : int
        Of a flow definition at once; 0 is no limit. A2I's quota is 5,000 for private work teams.
    events_queue_url : str
        Of the SQS queue that gets A2I's events about loops that have ended; none, if empty.

    Raises
    ------
    InvalidInput
        If ``s3`` is neither, a limit is not a number from 0 up, or the queue's URL is none.
    """

    s3: str = EMBEDDED
    region: str = "us-east-1"
    account: str = "000000000000"
    requests_per_second: float = 0
    loops_in_flight: int = 0
    events_queue_url: str = ""

    def __post_init__(self) -> None:
        if self.s3 not in {EMBEDDED, AWS}:
            raise InvalidInput(f"s3 is {self.s3!r}", expected=f"{EMBEDDED!r} or {AWS!r}")
        _check_limit("requests_per_second", self.requests_per_second, (int, float))
        _check_limit("loops_in_flight", self.loops_in_flight, (int,))
        if self.events_queue_url and not re.match(r"https?://[^/]+/.", str(self.events_queue_url)):
            raise InvalidInput(
                f"events_queue_url is {self.events_queue_url!r}",
                expected="the URL of an SQS queue, https://sqs.<region>.amazonaws.com/<account>/<name>",
            )

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource of this account.

        Examples
        --------
        >>> Config().arn("human-loop", "loop-1")
        'arn:aws:sagemaker:us-east-1:000000000000:human-loop/loop-1'
        """
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{kind}/{name}"


@dataclass(frozen=True)
class Home:
    """An opened home directory.

    Attributes
    ----------
    path : Path
        Absolute.
    credentials : Credentials
        The only key that the service accepts; made once, at random.
    config : Config
        Of `config.json`.
    """

    path: Path
    credentials: Credentials
    config: Config
    _secret: bytes = field(repr=False)

    @classmethod
    def open(cls, home: str | os.PathLike[str] | None = None) -> Home:
        """Open a home, making what is missing; two processes may do so at once.

        Raises
        ------
        HomeNotWritable
            If the directory or a file in it cannot be written.
        InvalidInput
            If one of its files was damaged by hand.
        """
        path = home_directory(home)
        with _writable(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(path / "setup.lock", wait=True):
                key = _once(path / "credentials.json", _new_credentials)
                config = _once(path / "config.json", lambda: json.dumps(asdict(Config()), indent=2))
                secret = _once(path / "secret", lambda: secrets.token_hex(32))
        return cls(
            path, _read(Credentials, path / "credentials.json", key), _read_config(path, config), secret.encode()
        )

    @property
    def database(self) -> Path:
        """The SQLite file of the human loops."""
        return self.path / "service.sqlite3"

    @property
    def objects(self) -> Path:
        """The folder of the embedded S3: one folder per bucket."""
        return self.path / "s3"

    @property
    def log(self) -> Path:
        """Where a service in the background writes its log."""
        return self.path / "service.log"

    def digest(self, purpose: str) -> str:
        """Return 64 hex digits that only a holder of this home's secret can compute, different for every purpose."""
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).hexdigest()

    @property
    def portal_token(self) -> str:
        """What opens the worker portal."""
        return self.digest("portal token")[:32]

    def configure(self, **changes: Any) -> Home:
        """Write changed settings and return the home that has them."""
        config = Config(**(asdict(self.config) | changes))
        if config != self.config:
            with _writable(self.path):
                _replace(self.path / "config.json", json.dumps(asdict(config), indent=2))
        return Home(self.path, self.credentials, config, self._secret)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the home for one server's life.

        Raises
        ------
        HomeInUse
            If another server holds it.
        """
        with ExitStack() as held:
            try:
                held.enter_context(_locked(self.path / "lock", wait=False))
            except BlockingIOError:
                raise HomeInUse(
                    f"another embedded A2I serves {self.path}",
                    fix="use that one (`a2i-al local status`), stop it (`a2i-al local stop`), or choose another home",
                ) from None
            yield

    def announce(self, **service: Any) -> None:
        """Write `service.json`: where the running server is reached."""
        with _writable(self.path):
            _replace(self.path / "service.json", json.dumps(service, indent=2))

    @property
    def last_port(self) -> int:
        """The port that the home was served on last; 0 if that is not known."""
        with suppress(OSError, ValueError):
            port = int((self.path / "port").read_text())
            return port if 0 < port <= _HIGHEST_PORT else 0
        return 0

    def keep_port(self, port: int) -> None:
        """Write down the port that the home is served on."""
        if port != self.last_port:
            with _writable(self.path):
                _replace(self.path / "port", str(port))

    @contextmanager
    def door(self) -> Iterator[None]:
        """Hold the door of the running service: nobody joins it meanwhile."""
        with _locked(self.path / "door.lock", wait=True):
            yield

    def join(self) -> None:
        """Write down that the running service has somebody who counts on it; behind the door."""
        record = self.announced()
        if record and not self.joined:
            with _writable(self.path):
                _replace(self.path / "joined", record["instance"])

    @property
    def joined(self) -> bool:
        """Whether anybody has joined the running service, not one before it."""
        record = self.announced() or {}
        with suppress(OSError):
            return (self.path / "joined").read_text().strip() == record.get("instance")
        return False

    def withdraw(self) -> None:
        """Remove `service.json`."""
        (self.path / "service.json").unlink(missing_ok=True)

    def announced(self) -> dict[str, Any] | None:
        """Return what `service.json` says; None without one. Its server may have died since."""
        with suppress(OSError, ValueError):
            record = json.loads((self.path / "service.json").read_text())
            return record if isinstance(record, dict) else None
        return None


def _check_limit(name: str, value: object, kinds: tuple[type, ...]) -> None:
    number = value if isinstance(value, kinds) and not isinstance(value, bool) else math.nan
    if not 0 <= number < math.inf:  # type: ignore[operator]  # one of kinds
        what = "a whole number" if kinds == (int,) else "a number"
        raise InvalidInput(f"{name} is {value!r}", expected=f"{what} from 0 up, where 0 is no limit")


def _new_credentials() -> str:
    # Shaped like AWS's own keys, which some tools check for; "LOCAL" so that nobody takes it for a real one.
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    key_id = "AKIALOCAL" + "".join(secrets.choice(letters) for _ in range(11))
    return json.dumps({"access_key_id": key_id, "secret_access_key": secrets.token_urlsafe(30)}, indent=2)


def _once(path: Path, make: Any) -> str:
    if not path.exists():
        _replace(path, make())
    return path.read_text()


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _read(cls: type[Any], path: Path, text: str) -> Any:
    try:
        return cls(**json.loads(text))
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"{path}: {error}", fix=f"repair the file, or delete it to have {path.name} made anew"
        ) from error


def _read_config(path: Path, text: str) -> Config:
    config: Config = _read(Config, path / "config.json", text)
    return config


@contextmanager
def _locked(path: Path, *, wait: bool) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HomeNotWritable(
            f"cannot write in {path}: {error.strerror or error}",
            expected="a directory that is yours",
            fix="pass home=, or set A2I_AL_HOME",
        ) from error
