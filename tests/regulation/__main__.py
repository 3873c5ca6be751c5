"""`make regulation`: docs/regulation.md, written anew from the sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.regulation import reading
from tests.regulation.rules import CLAUSES, RULES

from domain import moves

DOCUMENT = reading.ROOT / "docs" / "regulation.md"
HEAD = """# The regulation, clause by clause

Where each rule stands in the code, on which pages people meet it, which letters follow, and which tests prove it.
Written by `make regulation` from the sources: docstrings name rules, moves name clauses, `@pytest.mark.rule` names what
a test proves. Nobody edits this page.
"""


def document() -> str:
    return "\n".join([HEAD, *(line for clause in CLAUSES for line in section(clause))]).rstrip() + "\n"


def section(clause: str) -> Iterator[str]:
    yield f"## {clause}. {CLAUSES[clause]}\n"
    if rows := list(arrows(clause)):
        yield "| Move | From | To | By whom | Verb |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    for rule, (where, says) in RULES.items():
        if where == clause:
            yield from entry(rule, says)


def arrows(clause: str) -> Iterator[str]:
    verbs = reading.verbs()
    for name, move in vars(moves).items():
        if isinstance(move, moves.Move) and move.clause == clause:
            cells = (move.name, words(move.sources), move.to, words(move.roles), links(verbs[name]))
            yield f"| {' | '.join(cells)} |"


def entry(rule: str, says: str) -> Iterator[str]:
    yield f"### {rule}. {says}\n"
    yield f"- Code: {links(reading.code()[rule]) or '–'}"
    yield f"- Pages: {links(reading.pages()[rule]) or '–'}"
    yield f"- Letters: {', '.join(sorted(reading.told()[rule])) or '–'}"
    tests = reading.tests()[rule]
    yield f"- Tests: {len(tests)}\n"
    yield from proofs(tests)


def proofs(tests: Iterable[tuple[str, str]]) -> Iterator[str]:
    by_file: dict[str, list[str]] = defaultdict(list)
    for name, file in tests:
        by_file[file].append(name.removeprefix("test_").replace("_", " "))
    if by_file:
        yield "<details><summary>What they say</summary>\n"
        for file, sentences in sorted(by_file.items()):
            yield f"- [{file}](../{file})"
            yield from (f"  - {sentence}" for sentence in sentences)
        yield "\n</details>\n"


def links(found: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"[`{name}`](../{file})" for name, file in sorted(set(found)))


def words(names: Iterable[str]) -> str:
    return ", ".join(names)


def main(path: Path = DOCUMENT) -> None:
    path.write_text(document(), "utf-8")


if __name__ == "__main__":
    main()
