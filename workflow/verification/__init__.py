"""Verification as far as it knows no law: authorisations, queries, answers, and the vault they are kept in."""
