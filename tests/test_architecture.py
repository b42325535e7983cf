"""The laws of the tree: imports point down, nothing heavy loads early, no code in data, files and functions small."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "graphs": {"graphs"},
    "engine": {"graphs", "engine"},
    "models": {"models"},
    "nodes": {"graphs", "engine", "models", "nodes"},
    "client": {"graphs", "client"},
    "server": {"graphs", "engine", "server"},
    "cli": {"graphs", "engine", "models", "nodes", "client", "server", "cli"},
}
IN_A_PROCESS_OF_ITS_OWN = "server/desk/"  # the one part of the server that may import nodes: what a clerk answers
COMPUTES = {
    "torch", "torchvision", "torchaudio", "diffusers", "transformers", "open_clip", "accelerate", "peft", "compel",
    "scipy", "av", "soundfile",
}  # fmt: skip
SERVES = {"fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "httpx", "websockets"}
HEAVY = COMPUTES | SERVES
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
GENERATED = {"client/schema.py"}


@dataclass(frozen=True)
class Module:
    """A source file, parsed."""

    path: Path
    tree: ast.Module

    @property
    def folder(self) -> str:
        return self.path.parts[0]

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def _read(path: Path) -> Module:
    return Module(path.relative_to(ROOT), ast.parse(path.read_bytes(), filename=str(path)))


MODULES = [_read(path) for folder in MAY_IMPORT for path in sorted((ROOT / folder).rglob("*.py"))]
TESTS = [_read(path) for path in sorted((ROOT / "tests").rglob("*.py"))]


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Name the modules that are imported anywhere in a piece of code, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, "." * node.level + (node.module or "")


def when_imported(tree: ast.Module) -> Iterator[ast.stmt]:
    """Give the statements that run when a module is imported: not the bodies of functions, nor what is for checkers."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]


def test_there_is_something_to_look_at() -> None:
    assert {module.folder for module in MODULES} == set(MAY_IMPORT)
    assert len(MODULES) > 50


def test_imports_point_down() -> None:
    ours = set(MAY_IMPORT) | {"tests", "benchmarks"}
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in MODULES
        for node, name in imports(module.tree)
        if name.partition(".")[0] in ours - _may_import(module)
    ]
    assert wrong == []


def _may_import(module: Module) -> set[str]:
    return MAY_IMPORT[module.folder] | ({"nodes"} if str(module.path).startswith(IN_A_PROCESS_OF_ITS_OWN) else set())


def test_only_a_clerk_process_imports_what_a_clerk_answers() -> None:
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in MODULES
        for node, name in imports(module.tree)
        if name.startswith("server.desk")
        and not str(module.path).startswith(IN_A_PROCESS_OF_ITS_OWN)
        and str(module.path) != "server/clerk.py"
    ]
    assert wrong == []


def test_families_are_opened_without_the_code_of_the_embedded_model() -> None:
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in MODULES
        if module.path.parent in (Path("models"), Path("nodes/families"))
        for node, name in imports(module.tree)
        if name.startswith("models.bauklotz")
    ]
    assert wrong == []


def test_imports_are_absolute() -> None:
    wrong = [module.at(node) for module in MODULES for node, name in imports(module.tree) if name.startswith(".")]
    assert wrong == []


def test_nothing_heavy_is_imported_with_a_module() -> None:
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in MODULES
        if module.folder != "models"
        for statement in when_imported(module.tree)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for node, name in imports(statement)
        if name.partition(".")[0] in _too_heavy(module) | ({"models"} - {module.folder})
    ]
    assert wrong == []


def _too_heavy(module: Module) -> set[str]:
    return COMPUTES if module.folder in ("server", "client") else HEAVY


def test_graphs_and_engine_never_import_anything_heavy_not_even_inside_functions() -> None:
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in MODULES
        if module.folder in ("graphs", "engine")
        for node, name in imports(module.tree)
        if name.partition(".")[0] in HEAVY
    ]
    assert wrong == []


def _fresh(code: str) -> tuple[float, list[str]]:
    """Run code in a process of its own; give its CPU seconds and the top modules that it loaded."""
    ending = "; import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    before = os.times()
    output = subprocess.run(
        [sys.executable, "-c", code + ending], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    after = os.times()
    spent = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return spent, output.split()


def test_importing_engine_and_graphs_loads_nothing_heavy_and_takes_less_than_half_a_second() -> None:
    runs = [_fresh("import engine, graphs") for _ in range(3)]
    bare = min(_fresh("pass")[0] for _ in range(3))
    assert HEAVY & set(runs[0][1]) == set()
    assert "nodes" not in runs[0][1]
    assert min(spent for spent, _ in runs) - bare < 0.5


def test_importing_the_catalog_of_nodes_loads_nothing_heavy() -> None:
    _, loaded = _fresh("from nodes import CATALOG; CATALOG.to_json()")
    assert (HEAVY | {"models"}) & set(loaded) == set()


def test_importing_the_server_loads_neither_torch_nor_nodes() -> None:
    _, loaded = _fresh("import server.app, server.serving")
    assert (COMPUTES | {"models", "nodes"}) & set(loaded) == set()


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    _, loaded = _fresh("import cli.app")
    assert (HEAVY | {"models", "nodes"}) & set(loaded) == set()


# No code in data

FORBIDDEN_IMPORTS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_CALLS = {
    "torch.load", "yaml.load", "yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen", "builtins.eval",
    "builtins.exec", "subprocess.getoutput", "importlib.import_module", "runpy.run_path", "tempfile.mktemp",
    "numpy.load", "np.load",
}  # fmt: skip
FORBIDDEN_WORDS = {"allow_pickle": True, "trust_remote_code": True, "shell": True, "weights_only": False}
ALLOWED = {
    ("nodes/environment.py", "importlib.import_module"),  # the libraries that nodes name in their own code
    ("server/processes/zygote.py", "importlib.import_module"),  # the catalog that the operator's setting names
}


def _forbidden(module: Module) -> Iterator[str]:
    for node, name in imports(module.tree):
        if name.partition(".")[0] in FORBIDDEN_IMPORTS:
            yield f"{module.at(node)} imports {name}"
    for call in ast.walk(module.tree):
        if not isinstance(call, ast.Call):
            continue
        name = ast.unparse(call.func)
        if (name in FORBIDDEN_NAMES or name in FORBIDDEN_CALLS) and (str(module.path), name) not in ALLOWED:
            yield f"{module.at(call)} calls {name}"
        for word in call.keywords:
            if word.arg in FORBIDDEN_WORDS and not (
                isinstance(word.value, ast.Constant) and word.value.value is not FORBIDDEN_WORDS[word.arg]
            ):
                yield f"{module.at(call)} passes {word.arg}={ast.unparse(word.value)}"


def test_no_code_in_data() -> None:
    assert [wrong for module in MODULES for wrong in _forbidden(module)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "import torch; torch.load('x')",
        "eval('1')",
        "import numpy as np; np.load('x')",
        "f(allow_pickle=True)",
        "f(trust_remote_code=flag)",
        "import yaml; yaml.load(text)",
        "f(weights_only=False)",
    ],
)
def test_what_is_forbidden_would_be_seen(code: str) -> None:
    assert len(list(_forbidden(Module(Path("nodes/x.py"), ast.parse(code))))) == 1


@pytest.mark.parametrize("code", ["model.eval()", "re.compile('x')", "f(allow_pickle=False)", "f(weights_only=True)"])
def test_what_is_harmless_is_let_through(code: str) -> None:
    assert list(_forbidden(Module(Path("nodes/x.py"), ast.parse(code)))) == []


# Small and said


def test_no_file_is_a_box_of_odds_and_ends() -> None:
    boxes = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff"}
    assert [str(module.path) for module in [*MODULES, *TESTS] if module.path.stem in boxes] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(module.path) for module in [*MODULES, *TESTS] if module.tree.body and ast.get_docstring(module.tree) is None
    ]
    assert silent == []


def test_no_file_is_too_long() -> None:
    lengths = {str(module.path): len((ROOT / module.path).read_bytes().splitlines()) for module in MODULES}
    lengths = {path: length for path, length in lengths.items() if path not in GENERATED}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{module.at(node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_module_keeps_state_that_importing_changes() -> None:
    """A module may bind constants; it may not rebind a global from within a function."""
    wrong = [module.at(node) for module in MODULES for node in ast.walk(module.tree) if isinstance(node, ast.Global)]
    assert wrong == []


def test_no_file_shadows_a_module_of_the_standard_library() -> None:
    names = {module.path.parts[0].removesuffix(".py") for module in MODULES}
    assert names & set(sys.stdlib_module_names) == set()
