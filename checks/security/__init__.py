"""Judge headers, TLS, content and injected links, for a reader and for an engineer."""
