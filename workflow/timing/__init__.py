"""Reads and acts about time: how a date was counted, whose time went by, recounting by a new calendar, the bulletin."""
