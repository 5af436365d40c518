"""Name what remediation is about: states, ledger entries, their history, deadlines, remembered judgements. Pure."""
