"""The public side: no sign-in, no names, plain sentences."""
