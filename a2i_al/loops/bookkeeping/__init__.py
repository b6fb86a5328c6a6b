"""What was asked is written down before the call, and the receipt after it: the ledger."""
