"""Change what people change on pages, by the very functions that the command line calls, and keep who did it."""
