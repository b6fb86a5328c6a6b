"""What the caller has in, a pool out: every argument of `sample` is checked at its own door here."""
