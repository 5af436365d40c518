"""Judge Chinese text by how likely its characters are together, with models of general and of official writing."""
