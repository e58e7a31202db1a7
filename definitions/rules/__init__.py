"""Decision rules: pure functions of facts, edition and date that answer with the value and its derivation."""
