"""Votes become labels: a file for each way to weigh them, from majority to Dawid and Skene's model."""
