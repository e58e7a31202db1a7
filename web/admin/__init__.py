"""Administration: people and roles, areas, calendar, standards, editions, sign-ins, health, e-mail."""
