"""Releases: what a definition lays down is signed by two people, pinned on every case, and never changed in place."""
