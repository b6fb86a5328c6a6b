"""Answers and loops in, how the reviewing goes out: waiting times, backlog, throughput and costs."""

from a2i_al.metrics.reviewing.result import Operations, operations

__all__ = ["Operations", "operations"]
