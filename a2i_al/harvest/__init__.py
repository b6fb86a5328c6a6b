"""output.json files become the answers table; what cannot be read becomes a row of the quarantine table."""
