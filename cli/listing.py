"""The commands that list what there is: nodes and models."""

from typing import Annotated

import typer


def nodes(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="Show one node type with all of its ports.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the specs as JSON.")] = False,
) -> None:
    """List the node types, or show one."""
    from cli.nodelist import print_node, print_nodes, print_specs

    catalog = context.obj()
    if json:
        print_specs(catalog, name)
    elif name is None:
        print_nodes(catalog)
    else:
        print_node(catalog, name)


def models() -> None:
    """List the models that can be named as a checkpoint's source."""
    from cli.modellist import print_models

    print_models()
