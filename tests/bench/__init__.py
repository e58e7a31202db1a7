"""Benchmarks (`make bench`): figures as ratios measured in turns in one process, never part of the tests."""
