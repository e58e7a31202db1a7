"""My tasks in order of urgency, the next case, and search."""
