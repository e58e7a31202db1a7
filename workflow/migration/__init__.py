"""Running cases of one edition brought to another: planned, tried out, signed by two people, done in batches, undone.

    plan = generate(old, new)                 # edited by a person
    faults(plan, old, new, load)              # what would be lost silently
    dry_run(office, session, plan, now)       # the effect sheet of every case
    propose / confirm / run                   # two signatures, then batch by batch
"""
