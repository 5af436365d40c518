"""Bytes become pages: charset, links, visible text, metas, dates, attachments' addresses."""
