"""Readers: what a page, a file or a text says. They yield values, never findings."""
