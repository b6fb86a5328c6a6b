"""What benchmarks/harvest.py runs: outputs, servers that hold them, and two ways to read them into one table."""
