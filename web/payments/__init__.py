"""Payment lists: lines, sums, states, and what came back from the bank."""
