"""What each command does, with everything that it takes.

A command's module one folder up declares its options and imports its namesake here when it is called: ``--help``, of
``sitehealth`` and of each command, answers at once.
"""
