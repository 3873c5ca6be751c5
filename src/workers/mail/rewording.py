"""A letter in the operator's words: our own templates with other texts in the blocks for them.

What is in braces is looked up by its name and never evaluated, and HTML escapes it as it does every other text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from domain import placeholders
from domain.lettering import LETTERS, Words
from workers.mail.templating import environment

SPOKEN_OF = re.compile(r"[a-z][a-z_.]*")  # what an expression of ours is about: `duty` in `_(duty) | lower`
BLOCKS = ("heading", "lead", "button", "note")


def filled(name: str, words: Words, language: str, context: Mapping[str, Any]) -> Words:
    """The operator's words with the facts in their place: what is in braces is looked up and never evaluated."""
    facts = {each: fact(source, language, context) for each, source in LETTERS[name].facts.items()}
    return Words(**{part: placeholders.filled(text, facts) for part, text in asdict(words).items()})


def fact(source: str, language: str, context: Mapping[str, Any]) -> str:
    """What takes the place of a placeholder; `source` is our own, from the table of the letters."""
    return str(expression(source, language)(**context))


@cache
def expression(source: str, language: str) -> Any:
    return environment(language).compile_expression(source, undefined_to_none=False)


def reworded(name: str, file: str, words: Words, context: Mapping[str, Any], *, frame: str = "reworded") -> str:
    """The letter with other words in the blocks for them, and everything else as it is."""
    if file == "subject.txt":
        return words.subject
    template = environment(context["language"]).get_template(f"{frame}.{file.rpartition('.')[2]}")
    return template.render({**context, "own": f"{name}/{file}", "words": words})


def built_in(name: str, language: str) -> Words:
    """The words that the portal brings, as the operator would write them: each fact stands as its placeholder."""
    made = environment(language)
    braces = context_of(name, lambda placeholder, source: f"{{{placeholder}}}")
    body = made.get_template(f"{name}/body.txt")
    blocks = {part: "".join(body.blocks[part](body.new_context(braces))) for part in BLOCKS}
    return Words(subject=made.get_template(f"{name}/subject.txt").render(braces).strip(), **blocks)


def context_of(name: str, value: Callable[[str, str], Any]) -> dict[str, Any]:
    """What the templates of a letter ask for, as far as its placeholders speak of it, made by a value for each."""
    context: dict[str, Any] = {}
    for placeholder, source in LETTERS[name].facts.items():
        *above, last = SPOKEN_OF.findall(source)[0].split(".")
        place = context
        for each in above:
            place = place.setdefault(each, {})
        place[last] = value(placeholder, source)
    return context
