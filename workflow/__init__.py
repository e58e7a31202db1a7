"""The case engine. It knows cases, tasks, deadlines, actors, the journal and time; no law, no page, no channel.

The words: a *definition* says how one kind of case moves; a *case* is one running instance; a *stage* is where it
stands and who holds it; an *action* is what a person may do there; a *part* is parallel work inside a stage; a
*deadline* is a moment by which something must have happened; the *journal* is the append-only record of every act;
a *sweep* is a scheduled pass over due rows; the *outbox* holds messages written inside the act's transaction.
"""
