"""`python -m tests.bureaus`: the bureaus until Ctrl-C or SIGTERM."""

import argparse
import contextlib
import signal
import sys
import threading
from pathlib import Path

from tests.bureaus.faults import FAULTS, Faults
from tests.bureaus.folder import Exchange
from tests.bureaus.server import Bureaus, Server
from tests.bureaus.truth import Truth


def main() -> None:
    """Serve HTTP on a port and, where a folder is named, the file exchange."""
    asked = argparse.ArgumentParser(prog="python -m tests.bureaus", description="Nine bureaus, played.")
    asked.add_argument("--port", type=int, default=9009)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--faults", default="", help=f"any of {','.join(FAULTS)}")
    asked.add_argument("--secret", default="only-for-trying")
    asked.add_argument("--folder", type=Path, help="the exchange folder (EXCHANGE_FOLDER of the service)")
    asked.add_argument("--delay", type=float, default=1.0, help="seconds until a late answer")
    given = asked.parse_args()
    truth = Truth(given.seed)
    bureaus = Bureaus(
        truth, Faults(truth, [one for one in given.faults.split(",") if one]), given.secret, given.delay
    )
    with Server(given.port, bureaus) as server:
        if given.folder is not None:
            threading.Thread(target=Exchange(given.folder, bureaus).run, daemon=True).start()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        sys.stdout.write(f"ready on http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
        server.closing.set()


main()
