"""The reviews calendar: which households are due for a re-check, and how it stands."""
