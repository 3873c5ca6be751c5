"""House rules kept by a machine: where the time is read, how long things are, and what partials say they need."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(p for p in (ROOT / "src").rglob("*.py") if "piccolo_migrations" not in p.parts)
TEMPLATES = sorted((ROOT / "src" / "portal" / "templates").rglob("*.html"))
CLOCKS = {"src/portal/given.py", "src/workers/moment.py"}
BODY_AT_MOST = 12
FUNCTION_AT_MOST = 45
FILE_AT_MOST = 250
DESKS = {"batches", "commission", "control", "desk", "directories", "execution", "letter_words", "moderation"} | {
    "objections", "openings", "publishing", "search",
}  # fmt: skip
# One button a row: a key would be of the first of them, and each is reached with its row.
OF_ROWS = {"control/_line_reason.html", "desk/letters.html", "directories/_history.html", "moderation/_hints.html"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_time_is_read_in_two_places() -> None:
    read = {
        named(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"} and is_of_time(node)
    }

    assert read == CLOCKS


def is_of_time(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date", "dt"}


def test_every_module_opens_with_a_sentence() -> None:
    silent = [named(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]

    assert silent == []


def test_a_route_handler_is_one_verb_and_one_answer() -> None:
    long = [
        f"{named(path)}:{function.name} ({length(function)})"
        for path in sorted((ROOT / "src/portal/routes").glob("*.py"))
        for function in functions(path)
        if any(is_route(each) for each in function.decorator_list) and length(function) > BODY_AT_MOST
    ]

    assert long == []


def is_route(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id in {"get", "post", "put", "patch", "delete", "route"}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without its docstring."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_files_and_functions_stay_small() -> None:
    large = [
        f"{named(path)} ({n})" for path in SOURCES if (n := len(path.read_text("utf-8").splitlines())) > FILE_AT_MOST
    ]
    long = [
        f"{named(path)}:{function.name} ({length(function)})"
        for path in SOURCES
        for function in functions(path)
        if length(function) > FUNCTION_AT_MOST
    ]

    assert large + long == []


def test_the_map_of_the_house_names_every_file_of_the_domain() -> None:
    drawn = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    files = {path.name for path in (ROOT / "src" / "domain").glob("*.py")} - {"__init__.py"}

    assert {name for name in files if name not in drawn and not name.startswith("piccolo_")} == set()


def test_verbs_do_not_import_one_another() -> None:
    verbs = {"submitting", "moderating", "executing", "answering", "rating", "publishing", "parts"} | {
        "convening", "resolving", "blocking", "clarifying", "controlling", "editing", "covering", "typical",
        "handing_over",
    }  # fmt: skip
    crossed = [
        f"{verb} imports {name}"
        for verb in sorted(verbs)
        for name in imported(ROOT / "src/domain" / f"{verb}.py") & (verbs - {verb})
    ]

    assert crossed == []


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "domain":
            names |= {(node.module or "").removeprefix("domain.").split(".")[0], *(each.name for each in node.names)}
    return names


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.name.startswith("_")], ids=named)
def test_a_partial_says_what_it_needs(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{# needs:")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_keep_the_strict_policy(path: Path) -> None:
    text = path.read_text("utf-8")

    assert " style=" not in text
    assert "|safe" not in text.replace(" ", "")
    assert "<script>" not in text
    assert " onclick=" not in text


def test_what_a_page_varies_by_an_attribute_is_in_a_stylesheet_and_nothing_more() -> None:
    varied = re.compile(r"data-(?:gap|min|aside|table)=\"\w+\"")
    styles = "".join(path.read_text("utf-8") for path in (ROOT / "static/css").glob("*.css"))

    said = {each for path in TEMPLATES for each in varied.findall(path.read_text("utf-8"))}

    assert said == set(varied.findall(styles))


def test_every_act_of_the_desks_has_a_key() -> None:
    forms = {
        path.relative_to(ROOT / "src/portal/templates").as_posix(): path.read_text("utf-8")
        for path in TEMPLATES
        if path.parent.name in DESKS and re.search(r"method=\"post\"|call decision\(", path.read_text("utf-8"))
    }
    keyed = re.compile(r"data-key\"?[=:]|call decision\(.*\"[a-z]\"\) %}")

    assert {name for name, text in forms.items() if not keyed.search(text)} == OF_ROWS
