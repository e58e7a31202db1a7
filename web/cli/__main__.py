"""`python -m web.cli` is `jiuzhu`."""

from web.cli import main

main(prog_name="jiuzhu")
