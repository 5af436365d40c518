"""Answer requests, one module a page: read what came, ask a query or an action, show a template."""
