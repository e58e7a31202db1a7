"""The inbox of the signed-in person."""
