"""Human loops: their state machine, the requester's and the worker's side of it, and the output.json at its end."""
