"""STS GetCallerIdentity on the wire (Query protocol): many tutorials begin with it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.responses import Response

from a2i_al.local.clock import Clock
from a2i_al.local.home import Home
from a2i_al.local.wire import xml
from a2i_al.local.wire.call import Call, Refusal, request_id
from a2i_al.local.wire.signatures import BadSignature, Fault, verify

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_CODES = {Fault.MISSING: "MissingAuthenticationToken", Fault.UNKNOWN_KEY: "InvalidClientTokenId"}


class StsApi:
    """The one operation.

    Parameters
    ----------
    home : Home
        Who everybody is.
    clock : callable
        Returns the time, aware.
    """

    def __init__(self, home: Home, clock: Clock) -> None:
        self._home, self._clock = home, clock

    def __call__(self, call: Call) -> Response:
        """Answer a request; every refusal is an XML error."""
        try:
            self._check(call)
        except Refusal as refusal:
            error = {"Type": "Sender", "Code": refusal.code, "Message": refusal.message}
            return self._reply("ErrorResponse", {"Error": error, "RequestId": request_id()}, refusal.status)
        account = self._home.config.account
        identity = {"Arn": f"arn:aws:iam::{account}:user/local", "UserId": "AIDALOCAL", "Account": account}
        meta = {"RequestId": request_id()}
        content = {"GetCallerIdentityResult": identity, "ResponseMetadata": meta}
        return self._reply("GetCallerIdentityResponse", content)

    def _check(self, call: Call) -> None:
        try:
            body = verify(call, "sts", self._home.credentials, now=self._clock())
        except BadSignature as error:
            raise Refusal(_CODES.get(error.fault, "SignatureDoesNotMatch"), str(error), 403) from None
        action = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[-1]
        if action != "GetCallerIdentity":
            raise Refusal("InvalidAction", f"The embedded STS has GetCallerIdentity only, not {action!r}.")

    @staticmethod
    def _reply(root: str, content: Mapping[str, object], status: int = 200) -> Response:
        return Response(xml.document(root, content, namespace=_NAMESPACE), status, media_type="text/xml")
