"""Pages for releasing editions, putting them in force, and migrating running cases: always two people."""
