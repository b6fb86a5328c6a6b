"""The A2I runtime, the SageMaker operations around it, and GetCallerIdentity, as boto3 calls them."""
