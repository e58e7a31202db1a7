"""Time: hours, ladders, recounting, standstills, and that a missed limit decides nothing."""
