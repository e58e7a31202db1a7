"""Nine bureaus played by one process of its own, with the faults real ones have.

    python -m tests.bureaus --port 9009 --seed 1 --faults latency,late,wrong,silent,double,identity

Nothing here uses the service: a bureau's developer has docs/verification.md and no more.
"""
