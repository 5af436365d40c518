"""Walk a site politely and within bounds, yielding subjects as they become known."""
