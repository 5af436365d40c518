"""Let ``python -m monitor`` be the command ``sitehealth``.

A process that a command starts imports the main module anew (multiprocessing, spawn): this one takes no time.
"""


def main() -> None:
    """Run the command that the arguments name."""
    from monitor.garbage import expect_many_objects

    expect_many_objects()  # before the imports, which make the most
    from monitor.cli import main as sitehealth

    sitehealth(prog_name="sitehealth")


if __name__ == "__main__":
    main()
