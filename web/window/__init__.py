"""The one window: its desk, what has become of each intake, and what it hands out."""
