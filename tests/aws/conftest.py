"""An account to provision in: A2I and STS are the embedded service, S3 and IAM and the rest are moto's, empty."""

import boto3
import pytest
import urllib3


@pytest.fixture
def bare(embedded, monkeypatch):
    """Point boto3 at the embedded service for everything that it has, as `a2i-al local env` does."""
    for variable, value in embedded.environment().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return boto3.Session()


@pytest.fixture
def account(bare, moto_endpoint, monkeypatch):
    """Point S3, IAM, KMS and Cognito at moto, which forgets all that the last test has made."""
    urllib3.request("POST", f"{moto_endpoint}/moto-api/reset")
    for service in ("S3", "IAM", "KMS", "COGNITO_IDENTITY_PROVIDER"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", moto_endpoint)
    return boto3.Session()
