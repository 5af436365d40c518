"""Bring messages to people: compose them of what happened, send them, and try again until they are taken.

``composing`` writes messages into the outbox of the store, ``dispatcher`` sends what is in there, one task a target.
A module for each channel knows how a message goes out; ``by_apprise`` is the only one that imports Apprise.
"""
