"""复核 (dynamic review): the re-check of a household on benefit; its signed result acts on the benefit's case."""
