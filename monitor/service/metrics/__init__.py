"""What Prometheus reads: from the store, and from this process."""
