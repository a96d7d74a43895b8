"""Passages and questions about them, made up from the encoder's lexicon: as many as wanted.

A passage is about two or three subjects (lines of the lexicon), with common words between; a
question takes a few words of one passage. They read like nothing, but their words are as common and
as rare, and their subjects as near to each other, as those of a large shop's articles.
"""

import random
from datetime import date
from typing import Dict, Iterator, List, Sequence, Tuple

from knowledge_base.article import Article
from knowledge_base.encoder.lexicon import FOLDER

_GLUE = {
    "en": "the a your our is are can for of with on in when you we it to from and",
    "zh": "的 了 是 在 您 和 有 不 就 到 请 这 要 后 时 以 也",
}
_BETWEEN = {"en": " ", "zh": ""}
_SENTENCES = (2, 4)


def passages(count: int, language: str, *, seed: int = 1) -> Iterator[Article]:
    """Articles of one passage each; the same for the same seed."""
    chance = random.Random(f"{seed}/{language}")
    subjects = _subjects(language)
    for number in range(count):
        words = _words(chance, subjects)
        sentences = [_sentence(chance, words, language) for _ in range(chance.randint(*_SENTENCES))]
        yield Article(
            id=f"{language}-{number}",
            title="",
            topic="made-up",
            language=language,
            owner="bench",
            updated=date(2026, 1, 1),
            questions=(),
            paragraphs=(_BETWEEN[language].join(sentences),),
        )


def questions(articles: Sequence[Article], count: int, *, seed: int = 2) -> List[str]:
    """Questions about some of the passages."""
    chance = random.Random(seed)
    return [_question(chance, chance.choice(articles)) for _ in range(count)]


def _question(chance: random.Random, article: Article) -> str:
    text = article.paragraphs[0]
    if article.language == "en":
        words = text.replace(".", "").split()
        return " ".join(chance.sample(words, min(7, len(words))))
    start = chance.randrange(max(1, len(text) - 14))
    return text[start : start + 14]


def _words(chance: random.Random, subjects: Sequence[List[str]]) -> List[Tuple[str, int]]:
    first, second, third = (chance.choice(subjects) for _ in range(3))
    return [*((word, 3) for word in first), *((word, 2) for word in second), (third[0], 1)]


def _sentence(chance: random.Random, words: Sequence[Tuple[str, int]], language: str) -> str:
    weights = [weight for _, weight in words]
    content = chance.choices([word for word, _ in words], weights, k=chance.randint(5, 9))
    glue = chance.choices(_GLUE[language].split(), k=len(content))
    said = [part for pair in zip(glue, content) for part in pair]
    end = {"en": f" {chance.randint(1, 999)}.", "zh": f"{chance.randint(1, 999)}。"}[language]
    return _BETWEEN[language].join(said) + end


def _subjects(language: str) -> List[List[str]]:
    found: Dict[str, List[str]] = {}
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            head, _, others = line.partition(":")
            listed = others.replace("|", ",").split(",")
            found[head] = [head.strip(), *(word.strip() for word in listed if word.strip())]
    return list(found.values())
