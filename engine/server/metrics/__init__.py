"""What the port, its models and its cards did, as Prometheus reads it."""
