"""Say who may use the console, and what: users, rights, logins, sessions, tokens, the audit log.

``permissions``, ``user_names``, ``passwords``, ``throttle``, ``one_time_codes`` and ``opaque`` are pure but for chance;
the others tie them to the store.
"""
