"""Make a system service of the program: user, folders, units, models, first configuration."""
