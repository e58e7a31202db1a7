"""Families that could have help and have none."""
