"""Pages, API and command line: the only room that knows Flask."""
