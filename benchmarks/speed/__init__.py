"""What benchmarks/sampling.py runs: ours and the peers' selections of the same pools, by the clock and by memory."""
