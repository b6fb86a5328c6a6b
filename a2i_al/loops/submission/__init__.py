"""Requests become human loops, once each, and what came of each goes out."""
