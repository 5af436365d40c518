"""Reports of runs: built from the store, written, published and listed."""
