"""What keeps the service running: incidents, wake-ups, nightly proofs, batches, samples, sealed bundles."""
