"""A running embedded A2I, as those who talk to it know it: its addresses, its key, its limits and its traffic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from a2i_al.local import control
from a2i_al.local.api.resources import DEFAULT_WORKTEAM
from a2i_al.settings import Credentials


@dataclass(frozen=True)
class Service:
    """A running embedded A2I and how to reach it.

    Attributes
    ----------
    home : Path
        What it serves.
    url : str
        ``http://127.0.0.1:PORT``.
    portal_url : str
        Link to the worker portal, token included.
    region, account : str
        Parts of every ARN.
    credentials : Credentials
        The only key that it accepts.
    """

    home: Path
    url: str
    portal_url: str
    region: str
    account: str
    credentials: Credentials

    def __repr__(self) -> str:
        # The portal's link opens it to whoever reads a saved notebook.
        return f"Service({self.url!r}, home={str(self.home)!r})"

    def endpoints(self) -> dict[str, str]:
        """Return boto3's service names with their endpoints.

        Examples
        --------
        >>> url = "http://127.0.0.1:8470"
        >>> service = Service(Path("/h"), url, f"{url}/portal", "us-east-1", "000000000000", Credentials("A", "s"))
        >>> service.endpoints()["s3"]
        'http://127.0.0.1:8470/s3'
        """
        return {
            "sagemaker-a2i-runtime": self.url,
            "sagemaker": self.url,
            "s3": f"{self.url}/s3",
            "sts": self.url,
        }

    def environment(self) -> dict[str, str]:
        """Return the environment variables that point any boto3 or obstore program here."""
        endpoints = {
            f"AWS_ENDPOINT_URL_{name.upper().replace('-', '_')}": url for name, url in self.endpoints().items()
        }
        return endpoints | {
            "AWS_ACCESS_KEY_ID": self.credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.credentials.secret_access_key,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ALLOW_HTTP": "true",
        }

    def boto3_session(self) -> Any:
        """Return a boto3 session with the service's key and Region; its clients also need `endpoints`."""
        import boto3  # noqa: PLC0415  # heavy; a caller with a session of its own does not need it

        return boto3.Session(
            aws_access_key_id=self.credentials.access_key_id,
            aws_secret_access_key=self.credentials.secret_access_key,
            region_name=self.region,
        )

    def limit(self, *, requests_per_second: float | None = None, loops_in_flight: int | None = None) -> None:
        """Change what the running service puts up with; 0 lifts a limit, and what is left out stays.

        The home keeps it. See `serve` for what the limits do.

        Raises
        ------
        InvalidInput
            If a limit is impossible.
        ServiceNotRunning
            If the service has ended.
        """
        limits = {"requests_per_second": requests_per_second, "loops_in_flight": loops_in_flight}
        changes = {name: value for name, value in limits.items() if value is not None}
        if changes:
            control.limits(self.url, self.credentials, self.region, changes)

    def traffic(self) -> dict[str, Any]:
        """Return what the runtime API has done since the service started.

        Returns
        -------
        dict
            The limits ``requests_per_second`` and ``loops_in_flight``; ``requests``, the number of all that came; and
            ``refused``, error code to number: ``{"ThrottlingException": 12}``.

        Raises
        ------
        ServiceNotRunning
            If the service has ended.
        """
        traffic: dict[str, Any] = control.limits(self.url, self.credentials, self.region)
        return traffic

    def workteam_arn(self) -> str:
        """Return the ARN of the private work team that is there from the start."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:workteam/private-crowd/{DEFAULT_WORKTEAM}"
