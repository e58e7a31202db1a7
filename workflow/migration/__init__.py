"""Running cases of one edition brought to another: planned, tried out, signed by two people, done in batches, undone.

`plan.generate` gives a plan that a person edits, `plan.faults` says what it would lose silently, `sheet.dry_run` what it
does to every case; `running` has the two signatures and carries it out, `back` takes it back.
"""
