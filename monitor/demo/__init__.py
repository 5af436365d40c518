"""Show what an inspection finds: a small bureau site that holds one of every problem we know how to find.

``content/`` is what the bureau wrote, ``templates/`` and ``static/`` how it looks. ``content/answers.yaml`` says what
misbehaves on the wire, ``content/manifest.yaml`` the truth: every planted problem with its rule, page and target.
"""
