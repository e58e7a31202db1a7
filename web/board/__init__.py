"""督办: what is late, what will be, where it lies, and extensions."""
