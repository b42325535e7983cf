"""Say on the command line what is to be evaluated: which weights, and where the figures go."""

from argparse import ArgumentParser
from pathlib import Path

from models.bauklotz.recipe import SHIPPED


def options(about: str | None, name: str) -> ArgumentParser:
    """Give a parser; left out, the weights that ship are evaluated, and their figures go beside them by this name."""
    parser = ArgumentParser(description=about)
    parser.add_argument("--out", type=Path, default=SHIPPED / name)
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    return parser
