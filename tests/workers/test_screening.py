"""What the words of a message speak for is seen, and what only sounds like it is not (§3)."""

import json
import subprocess
import sys
import time
from functools import cache

import pytest
from tests.workers.screened import ABUSE, CALM, DANGER, ELSEWHERE, HERE, ONE, POLITE, SAID_OF, SEVERAL, SPEAKS

from domain.screening.danger import dangers
from domain.screening.obscenity import obscenities
from domain.screening.signs import has_place, signs
from portal.commands.screen import shipped
from workers.screening import Screened, questions, screen
from workers.screening.topics import Model

directory = cache(shipped)


def screened(text: str) -> Screened:
    return screen(text, *directory())


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.rule("R08")
def test_abuse_is_seen_however_it_is_hidden_and_polite_words_are_let_alone() -> None:
    assert [text for text in lines(ABUSE) if not obscenities(text)] == []
    assert [text for text in lines(POLITE) if obscenities(text)] == []


@pytest.mark.rule("R08")
def test_danger_is_told_while_it_is_going_on_and_not_when_it_is_feared_or_over() -> None:
    assert [text for text in lines(DANGER) if not dangers(text)] == []
    assert [text for text in lines(CALM) if dangers(text)] == []


@pytest.mark.rule("R08")
def test_a_text_that_says_where_is_told_from_one_that_does_not() -> None:
    assert [text for text in lines(HERE) if not has_place(text)] == []
    assert [text for text in lines(ELSEWHERE) if has_place(text)] == []


@pytest.mark.rule("R08")
def test_several_questions_are_told_from_one_with_many_words() -> None:
    assert [text for text in lines(SEVERAL) if not questions(text, *directory())] == []
    assert [text for text in lines(ONE) if questions(text, *directory())] == []


@pytest.mark.rule("R08")
def test_each_text_speaks_for_its_ground() -> None:
    spoken = dict(line.split(" | ") for line in lines(SPEAKS))

    assert {text: code for text, code in spoken.items() if code not in screened(text).grounds} == {}


def test_the_topic_is_among_the_first_three_for_nine_of_ten_with_the_words_that_led_there() -> None:
    said = dict(line.split(" | ") for line in lines(SAID_OF))

    told = {text: screened(text).topics for text in said}

    found = [text for text, topic in said.items() if topic in [each.topic for each in told[text]]]
    assert len(found) >= 0.9 * len(said)
    assert all(word in text.lower() for text, each in told.items() for topic in each for word in topic.words)


def test_nothing_that_is_repeated_makes_it_slow() -> None:
    """Where a pattern reads it twice over, the run of spaces alone takes a minute."""
    began = time.process_time()

    for endless in (" ", "я ", "год", "прошл", "недел", "решени", "выгодн", "реклам", "задержива", "чиновник"):
        text = endless * (20_000 // len(endless))
        assert (signs(text), dangers(text), obscenities(text)) is not None

    assert time.process_time() - began < 3


def test_a_model_is_numbers_and_words_and_says_the_same_when_it_is_read_again() -> None:
    model, _ = directory()

    again = Model.from_bytes(model.to_bytes())

    text = "Во дворе не горит фонарь"
    assert [each.topic for each in again.suggest(text)] == [each.topic for each in model.suggest(text)]
    assert json.dumps(model.suggest("")) == "[]"


def test_names_are_looked_for_by_one_thread_which_nobody_waits_for() -> None:
    alone = (
        "from threadpoolctl import threadpool_info; from workers.screening.names import names\n"
        "names('Мастер Сидоров обещал зайти.'); print({each['num_threads'] for each in threadpool_info()})"
    )

    told = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "{1}"
