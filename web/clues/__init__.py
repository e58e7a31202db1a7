"""变化线索: reported from a family's page, listed for the town."""
