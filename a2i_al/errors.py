"""Every error this package raises, as one tree; botocore's errors are mapped into it here and nowhere else.

A2IError
├── InvalidInput (ValueError)          something handed to us cannot be used
│   ├── InvalidTable                   a DataFrame lacks a column, has duplicate keys or values of the wrong kind
│   ├── InvalidProbabilities           not rows of class probabilities
│   ├── InvalidPayload                 an item cannot become InputContent: not JSON, or over 3 MiB
│   ├── NotRandom                      a sample that was not drawn at random cannot speak for the pool
│   ├── InvalidTemplate                a worker task template does not parse or cannot be rendered
│   └── UnknownLabel                   a label that the task page does not offer
├── InvalidOutput (ValueError)         an output.json that cannot be read: truncated, not JSON, not A2I's shape
├── DatasetUnavailable                 a data set's package cannot be fetched, or its file is not the one that was meant
├── CycleError                         a retraining cycle cannot go on from its saved state
├── LocalServiceError                  the embedded A2I
│   ├── PortInUse · HomeNotWritable · HomeInUse · ServiceNotRunning
└── ServiceError                       A2I or S3, embedded or real, said no
    ├── RequestRefused                 the request itself is wrong (ValidationException)
    ├── NotFound                       no such human loop, flow definition, template, bucket or object
    ├── AlreadyExists                  the name is taken
    ├── Throttled · QuotaExceeded      slower, or later
    ├── AccessDenied                   credentials or policies
    ├── NotAnExistingCustomer          A2I takes no new accounts since July 2026
    ├── NotConfigured                  no credentials or no Region
    ├── Unreachable                    no connection, or no answer in time
    └── ServiceFault                   an error of the service's own
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class A2IError(Exception):
    """Base of all errors of this package: what was found, what was expected, what to do next.

    Parameters
    ----------
    found : str
        What was found, with the offending value.
    expected : str, optional
        What would have been right.
    fix : str, optional
        What to do now.

    Examples
    --------
    >>> print(A2IError("n is 12", expected="at most 10, the size of the pool", fix="ask for fewer items"))
    n is 12. Expected: at most 10, the size of the pool. To fix: ask for fewer items.
    """

    def __init__(self, found: str, *, expected: str = "", fix: str = "") -> None:
        self.found, self.expected, self.fix = found, expected, fix
        parts = [found, expected and f"Expected: {expected}", fix and f"To fix: {fix}"]
        super().__init__(" ".join(_sentence(part) for part in parts if part))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


class InvalidInput(A2IError, ValueError):
    """Something handed to this package cannot be used."""


class InvalidTable(InvalidInput):
    """A DataFrame lacks a column, repeats a key or holds values of the wrong kind."""


class InvalidProbabilities(InvalidInput):
    """An array is not rows of class probabilities."""


class InvalidPayload(InvalidInput):
    """An item cannot become a human loop's InputContent."""


class NotRandom(InvalidInput):
    """A sample that was not drawn at random: what is estimated from it does not hold for the pool."""


class InvalidTemplate(InvalidInput):
    """A worker task template does not parse, or cannot be rendered with the given input."""


class UnknownLabel(InvalidInput):
    """A label that the worker task template does not offer."""


class InvalidOutput(A2IError, ValueError):
    """An output.json that cannot be read; `harvest` turns it into a quarantined row."""


class DatasetUnavailable(A2IError):
    """A data set's package cannot be fetched, or its file is not the one that was meant."""


class CycleError(A2IError):
    """A retraining cycle cannot go on from the state it finds."""


class LocalServiceError(A2IError):
    """Base of the errors of the embedded A2I."""


class PortInUse(LocalServiceError):
    """Another program listens on the port that was asked for."""


class HomeNotWritable(LocalServiceError):
    """The home directory of the embedded A2I cannot be written."""


class HomeInUse(LocalServiceError):
    """Another embedded A2I already serves this home directory."""


class ServiceNotRunning(LocalServiceError):
    """No embedded A2I serves this home directory, or it did not start in time."""


class ServiceError(A2IError):
    """Base of what A2I or S3, embedded or real, refuses or fails to do.

    Attributes
    ----------
    code : str
        The service's own error code, such as ``"ConflictException"``; empty where there was no answer.
    """

    def __init__(self, found: str, *, expected: str = "", fix: str = "", code: str = "") -> None:
        super().__init__(found, expected=expected, fix=fix)
        self.code = code


class RequestRefused(ServiceError):
    """The service calls the request itself wrong."""


class NotFound(ServiceError):
    """No such human loop, flow definition, task template, bucket or object."""


class AlreadyExists(ServiceError):
    """The name is taken."""


class Throttled(ServiceError):
    """Too many requests; the same request may pass later."""


class QuotaExceeded(ServiceError):
    """A quota of the account is used up, such as human loops in flight per flow definition."""


class AccessDenied(ServiceError):
    """The credentials are wrong, expired, or lack a permission."""


class NotAnExistingCustomer(ServiceError):
    """Amazon A2I accepts no new accounts (maintenance mode since July 2026)."""


class NotConfigured(ServiceError):
    """No credentials or no Region were found."""


class Unreachable(ServiceError):
    """The service could not be reached, or did not answer in time."""


class ServiceFault(ServiceError):
    """The service failed for a reason of its own."""


# Every error that botocore's models of the two A2I services name, and the ones that S3 and any AWS front door send.
BY_CODE: dict[str, type[ServiceError]] = {
    "ValidationException": RequestRefused,
    "ValidationError": RequestRefused,
    "InvalidBucketName": RequestRefused,
    "ResourceNotFoundException": NotFound,
    "ResourceNotFound": NotFound,
    "NoSuchBucket": NotFound,
    "NoSuchKey": NotFound,
    "AWS.SimpleQueueService.NonExistentQueue": NotFound,
    "QueueDoesNotExist": NotFound,
    "404": NotFound,
    "ConflictException": AlreadyExists,
    "ResourceInUse": AlreadyExists,
    "ResourceAlreadyExists": AlreadyExists,
    "BucketAlreadyExists": AlreadyExists,
    "BucketAlreadyOwnedByYou": AlreadyExists,
    "ThrottlingException": Throttled,
    "Throttling": Throttled,
    "SlowDown": Throttled,
    "ServiceQuotaExceededException": QuotaExceeded,
    "ResourceLimitExceeded": QuotaExceeded,
    "AccessDenied": AccessDenied,
    "AccessDeniedException": AccessDenied,
    "403": AccessDenied,
    "ExpiredToken": AccessDenied,
    "ExpiredTokenException": AccessDenied,
    "InvalidAccessKeyId": AccessDenied,
    "InvalidClientTokenId": AccessDenied,
    "InvalidSignatureException": AccessDenied,
    "SignatureDoesNotMatch": AccessDenied,
    "UnrecognizedClientException": AccessDenied,
    "InternalServerException": ServiceFault,
    "InternalFailure": ServiceFault,
    "InternalError": ServiceFault,
}

_FIXES: dict[type[ServiceError], str] = {
    Throttled: "try again in a while, or submit with fewer workers",
    QuotaExceeded: "wait until loops in flight have finished, or ask AWS for a higher quota",
    AccessDenied: "check the credentials and their policy for this action",
    NotAnExistingCustomer: "use the embedded A2I: Workflow.local(...) runs the same loops without an account",
}


@contextmanager
def service_errors(doing: str) -> Iterator[None]:
    """Turn botocore's errors inside the block into this package's own.

    Parameters
    ----------
    doing : str
        What was being done, for the message: ``"starting human loop 'x'"``.

    Raises
    ------
    ServiceError
        The most specific class for the botocore error, which stays chained as its cause.
    """
    # Imported here: this module must stay free of boto3 for a light `import a2i_al`.
    from botocore import exceptions as b  # noqa: PLC0415

    try:
        yield
    except b.ClientError as error:
        raise _from_client_error(error.response, doing) from error
    except (b.NoCredentialsError, b.PartialCredentialsError, b.NoRegionError, b.ProfileNotFound) as error:
        raise NotConfigured(
            f"{doing}: {error}",
            expected="credentials and a Region for boto3",
            fix="run `aws configure`, pass boto3_session=, or use Workflow.local(...)",
        ) from error
    except (b.HTTPClientError, b.ConnectionError) as error:
        raise Unreachable(f"{doing}: {error}", fix="check the endpoint and the network, then run this again") from error
    except b.ParamValidationError as error:
        raise RequestRefused(f"{doing}: {error}", code="ParamValidation") from error


def _from_client_error(response: dict[str, dict[str, object]], doing: str) -> ServiceError:
    detail = response.get("Error", {})
    code, message = str(detail.get("Code", "")), str(detail.get("Message", ""))
    cls = BY_CODE.get(code)
    # The refusal of new accounts is announced but its code is not published: go by its words.
    if "existing customer" in message.lower():
        cls = NotAnExistingCustomer
    if cls is None:
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        cls = ServiceFault if isinstance(status, int) and status >= 500 else ServiceError  # noqa: PLR2004
        cls = Throttled if status == 429 else cls  # noqa: PLR2004  # a gateway's, under whatever code
    return cls(f"{doing}: {code}: {message}", fix=_FIXES.get(cls, ""), code=code)


class A2IWarning(UserWarning):
    """Base of this package's warnings."""


class QuarantineWarning(A2IWarning):
    """Some outputs could not be read; they are rows of the quarantine table."""


class RefusedWarning(A2IWarning):
    """Some items could not be submitted; they are rows of the batch's `refused` table."""


class OverBudgetWarning(A2IWarning):
    """Some items were left out because of a cap; they are rows of the batch's `over_budget` table."""


class ComparisonWarning(A2IWarning):
    """A metric that is defined, but about fewer items, classes or reviewers than it may seem."""


class UnreadAnswerWarning(A2IWarning):
    """Some answers are not what their method of consolidation works on; they do not count, and their items stay."""


class EstimateWarning(A2IWarning):
    """An estimate says less than was asked for: no label in a group, or a single draw."""


class ConsolidationWarning(A2IWarning):
    """The answers say less than a method of consolidation asks for; its result is defined, and means little."""
