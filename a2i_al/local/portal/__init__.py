"""The worker portal: sign in, a list of jobs, a task in its sandbox, an answer."""
