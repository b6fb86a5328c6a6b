"""Batch strategies: candidates in, n distinct positions out, chosen together so that they do not repeat each other.

Each strategy is a module with a function of the same name; `sample` loads the one that is asked for.
"""
