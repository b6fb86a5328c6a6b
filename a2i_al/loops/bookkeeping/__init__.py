"""What was asked is written down, and found again if that is lost: the ledger."""
