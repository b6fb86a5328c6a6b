"""Picks become requests: what is asked, under which name, with which files, and how many a round may have."""
