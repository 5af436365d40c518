"""Score a site by an official score sheet: points, deductions with their faults, vetoes with their evidence."""

from checks.packaged import packaged_names


def profiles() -> tuple[str, ...]:
    """Return the ids of the score sheets there are: settings ask for no more of them."""
    return tuple(name.removesuffix(".yaml") for name in packaged_names("checks.scoring", "profiles", ".yaml"))
