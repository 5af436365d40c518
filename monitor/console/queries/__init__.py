"""Read from the store what pages show: set-based, a page at a time, through connections that cannot write."""
