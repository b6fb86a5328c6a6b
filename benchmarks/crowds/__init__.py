"""Simulated crowds, and what ours and the peers make of their answers."""
