"""Picks become human loops, once each: requests, their submission, the books kept of them, and what became of them."""
