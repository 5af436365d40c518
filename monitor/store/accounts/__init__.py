"""Keep who may use the console: users, sessions, tokens, failed attempts, and the audit log.

Roles, rights and scopes are plain texts here; ``monitor.accounts`` knows what they mean. Secrets come in hashed.
"""
