"""Hold one command of the command line a module."""
