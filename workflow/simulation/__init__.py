"""The district on a simulated clock: made-up families, staff that works at a pace, the same public acts and sweeps
as the live system. All chance comes from one seeded source, so the same seed gives the same district.
"""
