"""Off the straight way: sent back, taken back, signed by several, suspended, revoked, papers later."""
