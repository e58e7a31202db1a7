"""The case engine. It knows cases, tasks, deadlines, actors, the journal and time; no law, no page, no channel.

The words: a *definition* says how one kind of case moves; a *case* is one running instance; a *stage* is where it
stands and who holds it; an *action* is what a person may do there; a *part* is parallel work inside a stage; a
*deadline* is a moment by which something must have happened; the *journal* is the append-only record of every act;
a *sweep* is a scheduled pass over due rows; the *outbox* holds messages written inside the act's transaction.

It is used without a web application: one function opens a case, one acts on it, the transaction is the caller's.

    class Errand(Definition):
        code, editions, title, prefix = "errand", ("NAT2021",), "跑腿", "PT"
        here = Stage("在办", held_by=WINDOW, todo="办好", no_limit="示例", initial=True)
        done = Stage("办结", final=True, result="done")
        finish = action("办结", here.to(done), by=SYSTEM, says="办结了")

    database, office = Database("sqlite:///cases.db"), Office(Catalogue((Errand,)), SystemEntropy())
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        office.refresh(conn)
        case = open_case(office, conn, "errand", subject=("household", 1), area_code=VILLAGE, actor=SYSTEM_ACTOR, now=now)
    start = perf_counter()
    with database.acting() as conn:
        case = act(office, conn, case.id, "finish", actor=SYSTEM_ACTOR, seen=case.version, now=now)
    seconds = perf_counter() - start  # with the commit: when the block has ended, the act is on the disk

Imports: `Database` of `db`, `Office` of `office`, `Catalogue` of `catalogue`, `SystemEntropy` of `entropy`, `act` and
`open_case` of `acts`, `SYSTEM_ACTOR` of `actors`, roles of `roles`, the words of `vocabulary`; `schema` of `migrations`.
`tests/bench` measures it so.
"""
