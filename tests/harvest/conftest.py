"""An S3 that is not ours, with an empty bucket."""

import boto3
import pytest

from a2i_al.aws.connection import Connection


@pytest.fixture
def s3(moto_endpoint):
    """Give a connection to it; its bucket ``outputs`` is emptied again."""
    session = boto3.Session(aws_access_key_id="AKIDTEST", aws_secret_access_key="secret", region_name="us-east-1")
    connection = Connection(session, {"s3": moto_endpoint})
    connection.s3.create_bucket(Bucket="outputs")
    yield connection
    objects = connection.s3.list_objects_v2(Bucket="outputs").get("Contents", [])
    for entry in objects:
        connection.s3.delete_object(Bucket="outputs", Key=entry["Key"])
    connection.s3.delete_bucket(Bucket="outputs")
