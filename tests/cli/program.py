"""Run the command line with the toy node types: `python -m tests.cli.program ARGUMENTS`."""

from cli.app import main
from tests.cli.toys import CATALOG

main(lambda: CATALOG)
