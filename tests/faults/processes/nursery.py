"""A process that has imported the service and forks its commands, so that each start costs tenths of a second.

What it forks is the command itself (`jiuzhu serve`, `jiuzhu scheduler`) in a process group of its own. It is asked
line by line on standard input and answers with the process id; when it ends, all its children are killed.
"""

import ctypes
import json
import os
import signal
import sys
from importlib import import_module

_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36


def _control(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _become(arguments: list[str], environment: dict[str, str], log: str, plant: str) -> None:
    """In the child: be the command, and never come back."""
    from web.cli import main

    _control(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for wanted, given in ((0, nothing), (1, output), (2, output)):
        os.dup2(given, wanted)
    os.environ.update(environment)
    if plant:
        from tests.faults.processes import plants

        getattr(plants, plant)()
    main(arguments)


def _tell(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _serve() -> None:
    for needed in (
        "web",
        "web.cli",
        "web.jobs",
        "workflow.scheduler",
        "migrations.schema",
        "gunicorn.workers.gthread",
    ):
        import_module(needed)
    _control(_SET_CHILD_SUBREAPER, 1)  # workers whose master was killed are taken in, and gone when they end
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _tell("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(**json.loads(line))
        _tell(child)


if __name__ == "__main__":
    _serve()
