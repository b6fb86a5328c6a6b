"""The real A2I, and the one way to reach either: boto3 clients, which differ by an endpoint and never by a branch."""
