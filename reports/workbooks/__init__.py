"""Write and read xlsx workbooks with many rows; what stands in them is the business of others."""
