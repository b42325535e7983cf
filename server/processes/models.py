"""Name the models that a graph wants loaded, so that a run can go where they are."""

from engine.program import Program

_WIDGET = "model"  # how a param is drawn that names a model


def models_of(program: Program) -> tuple[str, ...]:
    """Give the names of the models that the steps of a program set, sorted."""
    return tuple(
        sorted(
            {
                value
                for step in program.steps.values()
                for port in step.function.spec.inputs
                if port.widget is not None
                and port.widget.kind == _WIDGET
                and isinstance(value := step.params.get(port.name), str)
            }
        )
    )
