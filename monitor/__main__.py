"""Let ``python -m monitor`` be the command ``sitehealth``."""

from monitor.cli import main

main(prog_name="sitehealth")
