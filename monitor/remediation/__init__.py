"""Work on the remediation ledger (整改台账): what people and looks change, what judgements are remembered."""
