"""Run the command line with `python -m cli`."""

from cli.app import main

main()
