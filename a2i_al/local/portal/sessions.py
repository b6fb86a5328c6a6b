"""Who may use the portal: a token opens it, a signed cookie remembers who came, and other sites cannot use either."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from a2i_al.local.home import Home
from a2i_al.local.wire.call import Call, Refusal

_COOKIE_SECONDS = 30 * 24 * 3600
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Sessions:
    """Tokens and cookies of one home.

    Parameters
    ----------
    home : Home
        Its secret is what they are made of.
    allowed_hosts : frozenset of str
        Host names under which the portal may be asked for, beside loopback; ``"*"`` for any.
    """

    def __init__(self, home: Home, allowed_hosts: frozenset[str] = frozenset()) -> None:
        self._home, self._hosts = home, LOOPBACK | allowed_hosts
        # Cookies are shared by all ports of a host: two homes' portals must not sign each other's people out.
        self.cookie_name = f"a2i-al-{home.digest('cookie name')[:8]}"

    @property
    def token(self) -> str:
        """What opens the portal."""
        return self._home.portal_token

    def check_host(self, call: Call) -> None:
        """Refuse a request that was made for another host's name: a page elsewhere may have rebound its own to us."""
        if "*" not in self._hosts and urlsplit(f"//{call.host}").hostname not in self._hosts:
            raise Refusal("AccessDenied", f"This portal does not answer to the host name {call.host!r}.", 403)

    def check_origin(self, call: Call) -> None:
        """Refuse another site's POST: it carries that site's origin, and cannot carry a header of its own."""
        origin = call.headers.get("origin")
        if "x-csrf" in call.headers or (origin is not None and urlsplit(origin).netloc == call.host):
            return
        raise Refusal("AccessDenied", "This request did not come from the portal.", 403)

    def is_token(self, token: str) -> bool:
        """Return whether this is the portal's token."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def cookie(self, worker_id: str) -> str:
        """Return the Set-Cookie header that signs a worker in."""
        return f"{self.cookie_name}={worker_id}.{self._mark(worker_id)}; {_attributes(_COOKIE_SECONDS)}"

    def no_cookie(self) -> str:
        """Return the Set-Cookie header that signs out."""
        return f"{self.cookie_name}=; {_attributes(0)}"

    def worker_id(self, call: Call) -> str | None:
        """Return whose cookie came with a request; None without one of ours."""
        pairs = (part.strip().partition("=") for part in call.headers.get("cookie", "").split(";"))
        value = next((value for name, _, value in pairs if name == self.cookie_name), "")
        worker_id, _, mark = value.partition(".")
        return worker_id if hmac.compare_digest(mark.encode(), self._mark(worker_id).encode()) else None

    def nonce(self, worker_id: str, human_loop_name: str, accepted: int) -> str:
        """Return what a task page and the page around it know each other by, the same for as long as it is open."""
        return self._home.digest(f"nonce {worker_id} {human_loop_name} {accepted}")[:32]

    def _mark(self, worker_id: str) -> str:
        return self._home.digest(f"cookie {worker_id}")


def _attributes(seconds: int) -> str:
    return f"Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict"
