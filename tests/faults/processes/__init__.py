"""The service as it runs: real `jiuzhu serve` and `jiuzhu scheduler` processes, killed, doubled and stopped."""
