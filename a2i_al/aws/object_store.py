"""A bucket and a connection come in; obstore's store goes out, with the credentials, endpoint and trust of boto3."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from a2i_al.aws.connection import Connection
from a2i_al.errors import NotConfigured

_CERTIFICATES: Final = "SSL_CERT_FILE"


def s3_store(bucket: str, connection: Connection) -> Any:
    """Return obstore's store of a bucket.

    Raises
    ------
    NotConfigured
        If boto3 has no credentials, or a sign-on has run out.
    """
    from obstore.auth.boto3 import Boto3CredentialProvider  # noqa: PLC0415
    from obstore.store import S3Store  # noqa: PLC0415

    client = connection.s3
    endpoint = client.meta.endpoint_url
    _check_credentials(connection, bucket)
    with _trusting(connection):
        return S3Store(
            bucket,
            region=client.meta.region_name,
            endpoint=endpoint,
            virtual_hosted_style_request=False,
            # The provider calls keys fresh for `ttl` whatever their real age; session keys may have minutes left.
            credential_provider=Boto3CredentialProvider(connection.session, ttl=timedelta(minutes=5)),
            client_options={"allow_http": endpoint.startswith("http:")},
        )


@contextmanager
def _trusting(connection: Connection) -> Iterator[None]:
    """Let what is made inside trust the certificates that boto3 trusts.

    boto3 has AWS_CA_BUNDLE, or ``ca_bundle`` of the profile; obstore reads SSL_CERT_FILE when a store is made.
    """
    bundle = connection.session._session.get_config_variable("ca_bundle")  # noqa: SLF001 - boto3 has no other way
    bundle = bundle or (None if _system_has_certificates() else _botocores_own())
    before = os.environ.get(_CERTIFICATES)
    if bundle:
        os.environ[_CERTIFICATES] = bundle
    try:
        yield
    finally:
        if bundle and before is None:
            del os.environ[_CERTIFICATES]
        elif bundle:
            os.environ[_CERTIFICATES] = str(before)


def _system_has_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def _botocores_own() -> str:
    # On a machine without ca-certificates boto3 goes by these; obstore would make no store at all, not even for http.
    from botocore.httpsession import get_cert_path  # noqa: PLC0415

    return str(get_cert_path(True))  # noqa: FBT003 - as botocore calls it


def _check_credentials(connection: Connection, bucket: str) -> None:
    """Refuse here what obstore would call an unreachable server: no keys, or a sign-on that has run out."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    try:
        found = connection.session.get_credentials()
        why = "none were found" if found is None else found.get_frozen_credentials() and ""
    except BotoCoreError as error:
        why = str(error)
    if why:
        raise NotConfigured(
            f"boto3's credentials for s3://{bucket}: {why}",
            expected="a profile, environment variables or a role",
            fix="run `aws configure` or `aws sso login`, or pass boto3_session=",
        )
