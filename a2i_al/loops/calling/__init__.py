"""Calls are made from many threads, at the rate and in the number that the service bears, and tried again."""
