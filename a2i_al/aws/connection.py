"""A boto3 session and optional endpoints come in; the three clients that the library speaks through go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Any

from a2i_al.errors import service_errors


@dataclass(frozen=True)
class Connection:
    """How the library reaches A2I and S3; makes no request and no client before one is needed.

    Parameters
    ----------
    boto3_session : boto3.Session, optional
        Credentials and Region; boto3's default session if left out.
    endpoints : mapping, optional
        Service name (``"sagemaker-a2i-runtime"``, ``"sagemaker"``, ``"s3"``) to URL, as the embedded A2I has them.
        A service that is absent goes where boto3 would send it, environment variables included.

    Examples
    --------
    >>> Connection(endpoints={"sagemaker-a2i-runtime": "http://127.0.0.1:8470"}).endpoints["sagemaker-a2i-runtime"]
    'http://127.0.0.1:8470'
    """

    boto3_session: Any = None
    endpoints: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def session(self) -> Any:
        """The boto3 session: the given one, boto3's default one, or a new one."""
        import boto3  # noqa: PLC0415  # a light `import a2i_al`

        return self.boto3_session or boto3.DEFAULT_SESSION or boto3.Session()

    @cached_property
    def a2i(self) -> Any:
        """Client of ``sagemaker-a2i-runtime``: human loops."""
        return self.client("sagemaker-a2i-runtime")

    @cached_property
    def a2i_once(self) -> Any:
        """The same, for whoever paces and repeats calls: each is one request.

        Requests are not checked before they are sent: the library's own checks are stricter.
        """
        return self.client("sagemaker-a2i-runtime", patient=False)

    @cached_property
    def sagemaker(self) -> Any:
        """Client of ``sagemaker``: human task UIs, flow definitions, work teams."""
        return self.client("sagemaker")

    @cached_property
    def s3(self) -> Any:
        """Client of ``s3``: what task pages show, and outputs."""
        return self.client("s3")

    def client(self, service: str, *, region: str | None = None, patient: bool = True) -> Any:
        """Return a new client of a service, with the retries and time limits that all of them here have.

        Parameters
        ----------
        service : str
            As boto3 calls it.
        region : str, optional
            If it is not the session's.
        patient : bool
            False for a client that tries once, has room for 64 threads, and does not check what it sends.

        Raises
        ------
        NotConfigured
            If no Region is known.
        """
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        config = Config(
            # botocore's own would be worked out anew, twice, for every request: a twentieth of what one costs.
            user_agent=None if patient else f"Boto3/{boto3.__version__}",
            retries={"mode": "standard", "max_attempts": 5 if patient else 0},
            connect_timeout=10,
            max_pool_connections=32 if patient else 64,
            parameter_validation=patient,
            user_agent_extra=f"a2i_al/{version('a2i_al')}",
            # Presigned links must carry the Region's own host and a modern signature; elsewhere it is the default.
            signature_version="s3v4" if service == "s3" else None,
        )
        with service_errors(f"making a boto3 client for {service}"):
            endpoint = self.endpoints.get(service)
            return self.session.client(service, region_name=region, endpoint_url=endpoint, config=config)
