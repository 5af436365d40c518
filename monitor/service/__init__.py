"""The daemon: its clock, its rounds, the probes between rounds, what it tells the world of itself."""
