"""Requests become human loops: once each, at the pace that the service bears."""
