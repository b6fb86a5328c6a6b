"""A connection comes in; whether a service is there at all goes out, so that a local key is never sent to AWS."""

from __future__ import annotations

from urllib.parse import urlsplit

from a2i_al.aws.connection import Connection

_AWS = (".amazonaws.com", ".api.aws")


def why_absent(connection: Connection, service: str) -> str:
    """Return why a service cannot be asked, or an empty string.

    Where SageMaker has an endpoint of its own (the embedded A2I, a test server) and another service has none, that
    service's requests would go to AWS with a key that is not AWS's.
    """
    if _on_aws(connection.sagemaker.meta.endpoint_url):
        return ""
    if not _on_aws(connection.client(service).meta.endpoint_url):
        return ""
    return f"SageMaker's endpoint is not AWS, and {service} has no endpoint beside it"


def _on_aws(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(_AWS)
