"""What benchmarks/estimates.py runs: simulated pools and draws, how often intervals cover them, and the peer."""
