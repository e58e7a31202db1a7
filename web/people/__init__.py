"""People: found, looked at with all that is known of them, recognised as one or as two."""
