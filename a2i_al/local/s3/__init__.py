"""The S3 operations that A2I programs need, path style, over plain files in the home directory."""
