"""调整标准: new local amounts drawn up, the households they change listed, released by another person, carried out.

`judging` computes what a change does to one benefit, `listing` writes the list, `publishing` puts the amounts into the
district's table, `applying` adjusts one benefit, `checking` compares list and adjustments, `change` is the definition.
"""
