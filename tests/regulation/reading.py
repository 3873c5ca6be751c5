"""What the sources say of themselves: docstrings name rules, moves name clauses, markers name what a test proves."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC, TESTS, ROUTES = ROOT / "src", ROOT / "tests", ROOT / "src" / "portal" / "routes"
NAMED = re.compile(r"R(\d\d)(?:–R(\d\d))?")
VERBS_OF_HTTP = {"get", "post", "put", "patch", "delete"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Found = dict[str, list[tuple[str, str]]]  # a rule, and names with the files that they stand in


def rules_in(text: str | None) -> set[str]:
    """R04–R06 names three."""
    pairs = NAMED.findall(text or "")
    return {f"R{n:02}" for first, last in pairs for n in range(int(first), int(last or first) + 1)}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def sources(*under: Path) -> list[Path]:
    found = {path for folder in under for path in folder.rglob("*.py")}
    return sorted(path for path in found if "piccolo_migrations" not in path.parts)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def definitions(path: Path) -> list[Definition]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Definition)]


@cache
def code() -> Found:
    """Modules, classes and functions whose docstring names the rule; of templates those whose first comment does."""
    found: Found = defaultdict(list)
    for path in sources(SRC):
        if ROUTES in path.parents:
            continue
        for rule in rules_in(ast.get_docstring(tree(path))):
            found[rule].append((module(path), relative(path)))
        for node in definitions(path):
            for rule in rules_in(ast.get_docstring(node)):
                found[rule].append((f"{module(path)}.{node.name}", relative(path)))
    for path in sorted((SRC / "portal" / "templates").rglob("*.html")):
        for rule in rules_in(path.read_text("utf-8").partition("#}")[0]):
            found[rule].append((path.relative_to(SRC / "portal" / "templates").as_posix(), relative(path)))
    return found


@cache
def pages() -> Found:
    """Addresses of the routes whose module, or a module that it stands on, opens with the rule."""
    found: Found = defaultdict(list)
    for path in sources(ROUTES):
        named = rules_in(ast.get_docstring(tree(path)))
        for other in imported(path):
            named |= rules_in(ast.get_docstring(tree(other)))
        for rule in named:
            found[rule] += [(address, relative(path)) for address in addresses(path)]
    return found


def imported(path: Path) -> list[Path]:
    """The modules of ours that this one imports by name."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    files = [SRC / Path(*name.split(".")).with_suffix(".py") for name in sorted(names)]
    return [file for file in files if file.exists() and ROUTES not in file.parents and leads_on(file)]


def leads_on(path: Path) -> bool:
    """What a page is made of: the portal's own modules, and of the domain the verbs, which are those that record."""
    return SRC / "domain" not in path.parents or bool(attributes(tree(path), "Kind"))


def addresses(path: Path) -> Iterator[str]:
    for node in definitions(path):
        for each in node.decorator_list:
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in VERBS_OF_HTTP:
                paths = [where.value for where in each.args if isinstance(where, ast.Constant)]
                yield from (f"{each.func.id.upper()} {path!s}" for path in paths)


def attributes(node: ast.AST, of: str) -> set[str]:
    """The X of every `of.X` below."""
    inside = (each for each in ast.walk(node) if isinstance(each, ast.Attribute))
    return {each.attr for each in inside if isinstance(each.value, ast.Name) and each.value.id == of}


TAKING = ("take", "take_each")


@cache
def verbs() -> dict[str, list[tuple[str, str]]]:
    """Which function of the domain takes which move, by the constant of moves.py."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sources(SRC / "domain"):
        for node in definitions(path):
            for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id in TAKING and call.args:
                    for name in attributes(call.args[0], "moves"):
                        found[name].append((f"{module(path)}.{node.name}", relative(path)))
    return found


@cache
def letters() -> dict[str, list[str]]:
    """Which letters follow from an event of which kind, as workers/reactions.py says."""
    table = next(
        node.value
        for node in tree(SRC / "workers" / "reactions.py").body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)
    )
    assert isinstance(table, ast.Dict)
    return {
        kind: sorted(letters_in(value))
        for key, value in zip(table.keys, table.values, strict=True)
        if key is not None
        for kind in attributes(key, "Kind")
    }


def letters_in(node: ast.AST) -> Iterator[str]:
    for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == "letter":
            yield from (each.attr for each in call.args if isinstance(each, ast.Attribute))


@cache
def told() -> dict[str, set[str]]:
    """The letters of a rule: of the events that the functions naming it record."""
    by_kind = letters()
    found: dict[str, set[str]] = defaultdict(set)
    for path in sources(SRC / "domain"):
        for node in definitions(path):
            for rule in rules_in(ast.get_docstring(node)):
                for kind in attributes(node, "Kind"):
                    found[rule] |= set(by_kind.get(kind, ()))
    return found


@cache
def tests() -> Found:
    """The tests that carry the rule as a marker, by name and file."""
    found: Found = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        everywhere = {rule for node in tree(path).body if isinstance(node, ast.Assign) for rule in marked(node.value)}
        for node in definitions(path):
            own = {rule for each in node.decorator_list for rule in marked(each)}
            if node.name.startswith("test_"):
                for rule in own | everywhere:
                    found[rule].append((node.name, relative(path)))
    return found


def marked(node: ast.expr) -> set[str]:
    """The rules of `pytest.mark.rule(…)`, wherever in the expression it stands."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and is_mark(each.func)]
    return {str(each.value) for call in calls for each in call.args if isinstance(each, ast.Constant)}


def is_mark(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "rule"
