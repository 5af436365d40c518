"""Proofread documents for commands and the console: passages to marks, in processes of their own; decisions to a file.

``proofs`` judges passages, ``proof_marks`` says what is marked, ``proofread_worker`` does both for somebody who waits,
bounded in time and memory, and ``tracked_changes`` writes what was decided into the Word file it came in.
"""
