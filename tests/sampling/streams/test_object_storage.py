"""An `s3://` pool is read by pyarrow itself, with the credentials and the endpoint of the environment."""

import io

import boto3
import pandas as pd
import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample
from a2i_al.sampling.streams import sample_stream


@pytest.fixture
def bucket(pool, monkeypatch):
    """Give a bucket with the pool in two files, on a server of this machine, and how its file system is made."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="pools")
    proba, ids = pool
    table = pa.table({"item_id": ids, **{f"proba_{at}": proba[:, at] for at in range(4)}})
    for start in (0, 200):
        body = io.BytesIO()
        pq.write_table(table.slice(start, 200), body, row_group_size=50)
        client.put_object(Bucket="pools", Key=f"week/{start}.parquet", Body=body.getvalue())
    client.close()
    yield lambda: pyarrow.fs.S3FileSystem(endpoint_override=f"{host}:{port}", scheme="http")
    server.stop()


def test_a_bucket_is_a_pool(pool, bucket):
    """A folder by its address, a pattern, and a path in a file system that is handed in."""
    proba, ids = pool
    expected = sample(proba, 25, item_ids=ids, random_state=5)
    for source, filesystem in [
        ("s3://pools/week/", None),
        ("s3://pools/week/*.parquet", None),
        ("s3://pools/**/*.parquet?region=us-east-1", None),
        ("s3://pools/week/**/[0-9]*.parquet", None),
        (["s3://pools/week/0.parquet", "s3://pools/week/200.parquet"], None),
        ("pools/week", bucket()),
    ]:
        pd.testing.assert_frame_equal(sample_stream(source, 25, random_state=5, filesystem=filesystem), expected)
    with pytest.raises(InvalidInput, match="no Parquet file at 's3://pools/other/'"):
        sample_stream("s3://pools/other/", 1)
