"""The engine of the typo check: its lists, tables and models are read here, and handed to the check as values."""
