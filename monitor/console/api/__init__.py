"""Answer programs: what the pages show and change, as JSON under ``/api/v1``, by the functions that the pages call."""
