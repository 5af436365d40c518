"""Serve what watches the daemon: metrics and health."""
