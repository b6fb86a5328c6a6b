"""Picks become human loops, once each: names, payloads, the ledger, submission and tracking."""
