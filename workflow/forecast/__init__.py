"""What will be late: the open work queued before the people who are there, at the pace of the past weeks, in memory."""
