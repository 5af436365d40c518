"""Have every effect: crawl, store, schedule, serve, deliver."""
