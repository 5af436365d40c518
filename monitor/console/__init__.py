"""Show Monday's work in a browser: who logs in sees what they may see, and changes what the commands change.

``application`` builds the web application of ``console_parts``, ``thread`` serves it in a loop of its own. A request
passes ``security/``, then a page of ``pages/``: what it shows comes from ``queries/``, what it changes goes through
``actions/``, and ``visit`` is the one place that knows who asks and what they may do. Words are in ``locale/``, looks
in ``templates/`` and ``static/``.

Only ``sitehealth run`` with ``console.listen`` and ``sitehealth console`` import what lies here: FastAPI costs a
command half a second that has no use for it.
"""
