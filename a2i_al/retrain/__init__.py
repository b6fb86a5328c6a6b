"""Labels become the next model, round after round: the cycle, its saved state, its trainers and its report."""
