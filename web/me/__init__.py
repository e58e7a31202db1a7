"""The signed-in user's own page: sign-ins, tokens, password, language."""
