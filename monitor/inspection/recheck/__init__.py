"""Look between rounds at the places of some entries of the ledger: is each fault gone, still there, or not to be told.

The crawl, the checks and the evidence are those of an inspection.
"""
