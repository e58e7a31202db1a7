"""The monthly bulletin, to be read, printed and taken away as a table."""
