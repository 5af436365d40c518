"""Keep the remediation ledger: what runs saw of each fault, the entries made of it, and remembered judgements."""
