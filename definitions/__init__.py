"""Programmes, the law of each edition, and the rules that compute: what the law says, readable by officials."""
