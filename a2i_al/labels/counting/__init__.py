"""The answers table becomes whole numbers: who said what of which item, counted once for every method."""
