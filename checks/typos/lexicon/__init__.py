"""What is known to be wrong or right: pairs, phrases, near misses, words and their borders."""
