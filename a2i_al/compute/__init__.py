"""Loops in, all processors at work out: compiled kernels and the threads that run them, for every stage."""
