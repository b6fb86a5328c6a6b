"""How loops stand and how they end: listed, waited for, told by events, stopped, deleted."""
