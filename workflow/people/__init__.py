"""Who a person is: found, recognised under two spellings, merged and parted again, with what each source says of him."""
