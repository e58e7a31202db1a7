"""The village agent's desk, and field work on a phone that needs no network."""
