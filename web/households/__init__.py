"""Households: found, entered, looked at, kept up to date."""
