"""Pages of verification: the order and its report, and who has allowed his means to be checked."""
