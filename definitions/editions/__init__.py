"""The law's numbers as data: every number with its effective dates and its source.

`catalogue` finds an edition by its code, `number` says what a number and an edition are, `standards` holds the local
amounts (a district's table, or the sample).
"""
