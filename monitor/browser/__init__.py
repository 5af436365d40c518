"""Draw pages as a browser does, for those whose content a script makes. The only package that imports playwright.

Chromium has no network of its own: whatever a page asks for is handed to our fetcher, with its guard, limits and cache,
and where the machine allows it the browser runs in a network namespace without a single interface.
"""
