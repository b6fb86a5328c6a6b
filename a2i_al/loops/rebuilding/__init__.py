"""A ledger that was lost is put together again, from what the service, the outputs and the names of loops say."""
