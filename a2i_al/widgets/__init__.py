"""What a notebook shows of a task."""
