"""A case: what it is, where it stands, what comes next, and the forms by which it moves."""
