"""Say what is wrong: pure checks, values in, findings out."""
