"""Run CPU-bound checks where there is room for them."""
