"""The door of the JSON services: a request comes in, its body goes out if the home's key has signed it."""

from __future__ import annotations

from dataclasses import dataclass

from a2i_al.local.clock import Clock
from a2i_al.local.wire.call import Call, Refusal
from a2i_al.local.wire.signatures import BadSignature, Fault, verify
from a2i_al.settings import Credentials

_CODES = {
    Fault.MISSING: "MissingAuthenticationTokenException",
    Fault.MALFORMED: "IncompleteSignatureException",
    Fault.UNKNOWN_KEY: "UnrecognizedClientException",
    Fault.MISMATCH: "InvalidSignatureException",
    Fault.SKEWED: "InvalidSignatureException",
    Fault.EXPIRED: "InvalidSignatureException",
    Fault.PAYLOAD: "InvalidSignatureException",
}


@dataclass(frozen=True)
class SignedJson:
    """Verifies what comes signed for one service.

    Attributes
    ----------
    credentials : Credentials
        The only key.
    clock : callable
        Returns the time, aware.
    service : str
        Signing name.
    """

    credentials: Credentials
    clock: Clock
    service: str = "sagemaker"

    def open(self, call: Call) -> bytes:
        """Return the body; raises a Refusal with status 403 if it is not signed as it must be."""
        try:
            return verify(call, self.service, self.credentials, now=self.clock())
        except BadSignature as error:
            raise Refusal(_CODES[error.fault], str(error)[:1].upper() + str(error)[1:] + ".", 403) from None
