"""Topics that a text may be on, the likeliest first, each with the words that led there (§3).

Words are read by their forms (pymorphy3); beside each stand the beginning of the word, so that «тротуарный» is near
«тротуар», and the pair that it makes with the next. A naive Bayes of scikit-learn learns their weights, and a model is
nothing but numbers and words: it is kept as plain arrays and never as code (docs/decisions/0041-hints.md).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from typing import Any, Self

import numpy as np

from domain.promises.speech import dictionary

READ_AT_MOST = 20_000  # characters; a message has 3000
WORD = re.compile(r"[а-яё]{2,30}")
STOP = frozenset(
    re.findall(
        r"\w+",
        "и в во на с со к ко у о об от до из за по под над при без для не ни но а же ли бы то что как это этот тот весь"
        " мы вы он она они я наш ваш свой который быть уже еще очень просить пожалуйста здравствовать добрый день"
        " спасибо так там тут здесь нет сделать принять мера какой год житель улица дом несколько"
        " телефон адрес уважение",
    )
)
BEGINNING = 5  # letters of a word that are a feature of their own


@dataclass(frozen=True)
class Line:
    """A topic as the directory has it; `examples` are what belongs to it."""

    code: str
    name: str
    category_code: str
    category: str
    examples: Sequence[str] = ()


@dataclass(frozen=True)
class Suggested:
    """`words` are those of the text that led to the topic."""

    topic: str
    score: float
    words: tuple[str, ...]


@lru_cache(50_000)
def lemma(word: str) -> str:
    return str(dictionary().parse(word)[0].normal_form).replace("ё", "е")


def lemmas(text: str) -> Iterator[tuple[str, str]]:
    """The words that mean something: their lemmas, and how they stand in the text."""
    for match in WORD.finditer(text[:READ_AT_MOST].lower()):
        if (found := lemma(match[0])) not in STOP:
            yield found, match[0]


def features(words: Sequence[str]) -> Counter[str]:
    beginnings = (f"{word[:BEGINNING]}~" for word in words if len(word) > BEGINNING)
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return Counter([*words, *beginnings, *pairs])


def described(lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    """What is known of a topic before anybody has written: its name, its examples, a short written list of words."""
    words: dict[str, str] = json.loads(files("workers.screening").joinpath("words.json").read_text(encoding="utf-8"))
    for line in lines:
        said = words.get(line.code, "")
        for text in (line.name, f"{line.name} {line.category}", said, f"{said} {line.name}", *line.examples):
            yield text, line.code


class Model:
    """Which words speak for which topic, and how loudly."""

    def __init__(self, topics: Sequence[str], words: Sequence[str], rarity: Any, weights: Any) -> None:
        self.topics, self.words, self.rarity, self.weights = list(topics), list(words), rarity, weights
        self.place = {word: place for place, word in enumerate(self.words)}
        self.usual = weights.mean(axis=0) if len(self.topics) else weights

    @classmethod
    def learned(cls, samples: Iterable[tuple[str, str]]) -> Self:
        # Only whoever learns loads scikit-learn; a model that was learned is read without it.
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.naive_bayes import MultinomialNB

        told = [(features([word for word, _ in lemmas(text)]), topic) for text, topic in samples]
        vectorizer = TfidfVectorizer(analyzer=Counter.elements, sublinear_tf=True)
        counted = vectorizer.fit_transform([counts for counts, _ in told])
        bayes = MultinomialNB(alpha=0.05, fit_prior=False).fit(counted, [topic for _, topic in told])
        words = vectorizer.get_feature_names_out()
        return cls([str(each) for each in bayes.classes_], list(words), vectorizer.idf_, bayes.feature_log_prob_)

    def suggest(self, text: str, at_most: int = 3) -> list[Suggested]:
        """Nothing, where no word of the text is known."""
        said = list(lemmas(text))
        told = features([word for word, _ in said])
        counts = {self.place[each]: count for each, count in told.items() if each in self.place}
        if not counts:
            return []
        places = np.fromiter(counts, dtype=int)
        loud = (1 + np.log(np.fromiter(counts.values(), dtype=float))) * self.rarity[places]
        loud /= np.sqrt((loud**2).sum())
        speaks = (self.weights[:, places] - self.usual[places]) * loud
        scores = np.exp(total := speaks.sum(axis=1) - speaks.sum(axis=1).max())
        scores /= scores.sum()
        found = []
        for place in np.argsort(-total, kind="stable")[:at_most]:
            loudest = led(said, {self.words[each]: one for each, one in zip(places, speaks[place], strict=True)})
            found.append(Suggested(self.topics[place], round(float(scores[place]), 4), loudest))
        return found

    def to_bytes(self) -> bytes:
        kept = BytesIO()
        told = {"topics": self.topics, "words": self.words}
        np.savez_compressed(
            kept, told=np.frombuffer(json.dumps(told).encode(), np.uint8), rarity=self.rarity.astype(np.float32),
            weights=self.weights.astype(np.float16),
        )  # fmt: skip
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Self:
        with np.load(BytesIO(kept), allow_pickle=False) as arrays:
            told = json.loads(arrays["told"].tobytes())
            return cls(told["topics"], told["words"], arrays["rarity"], arrays["weights"].astype(np.float32))


def led(said: Sequence[tuple[str, str]], speaks: dict[str, float]) -> tuple[str, ...]:
    """The words of the text that speak loudest, as they stand there."""
    loudness = {form: speaks.get(word, 0.0) for word, form in said}
    loudest = sorted((form for form, each in loudness.items() if each > 0), key=lambda form: -loudness[form])
    return tuple(loudest[:3])
