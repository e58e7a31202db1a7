"""Incidents: what jobs could not carry out, for those who settle it."""
