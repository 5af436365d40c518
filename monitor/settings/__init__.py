"""Everything that can be configured, read strictly."""
