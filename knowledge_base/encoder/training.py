"""Training the table: a question must find its article among all others, without itself.

The loss is the search itself: a question's score for an article is what :mod:`index` would
compute (its best unit, drawn to the article's mean), the question's own unit taken out, and a
softmax over the articles asks for the right one. Features are dropped at random, so no single
word may carry an article; few small steps keep every row close to where it began.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Sequence

import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize, one_hot

_NEVER = -9.0


@dataclass(frozen=True)
class TrainingPlan:
    """How long and how boldly to train; chosen by leaving questions out."""

    steps: int = 20
    max_steps: int = 160
    articles_per_step: int = 96
    # Of an article with many questions a step sees some, chosen anew each time.
    units_per_article: int = 10
    learning_rate: float = 1e-3
    temperature: float = 0.07
    dropout: float = 0.3
    # How soft the "best unit" is, so that the second best learns a little too.
    softness: float = 0.03
    seed: int = 20261101


@dataclass(frozen=True)
class Lesson:
    """One text of one article, as rows of the table (int64) and their weights (float32).

    ``article`` counts over languages; ``asks``: it is a question.
    """

    rows: np.ndarray
    weights: np.ndarray
    article: int
    language: str
    asks: bool


def train(table: torch.Tensor, lessons: Sequence[Lesson], plan: TrainingPlan) -> float:
    """Change the table in place; return the loss of the last step (0 with nothing to learn)."""
    classroom = _Classroom(lessons, plan)
    optimiser = _RowAdam(table, plan.learning_rate)
    loss = torch.zeros(())
    for articles in classroom.batches():
        places = classroom.some_units(articles)
        rows, within = torch.unique(classroom.rows_of(places), return_inverse=True)
        part = table[rows].requires_grad_()
        loss = classroom.loss(part, within, places, articles)
        if not loss.requires_grad:
            break
        (gradient,) = torch.autograd.grad(loss, part)
        optimiser.step(rows, gradient)
    return float(loss.detach())


class _RowAdam:
    """Adam (Kingma and Ba 2015) that looks only at the rows that a step has used.

    torch's SparseAdam does the same several times more slowly, and its Adam moves all rows.
    """

    _BETAS = (0.9, 0.999)
    _EPSILON = 1e-8

    def __init__(self, table: torch.Tensor, learning_rate: float) -> None:
        self._table = table
        self._learning_rate = learning_rate
        self._steps = 0
        self._mean = torch.zeros_like(table)
        self._square = torch.zeros_like(table)

    def step(self, rows: torch.Tensor, gradient: torch.Tensor) -> None:
        """Move these rows of the table against their gradient."""
        self._steps += 1
        first, second = self._BETAS
        mean = self._mean[rows].mul_(first).add_(gradient, alpha=1 - first)
        square = self._square[rows].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        self._mean[rows] = mean
        self._square[rows] = square
        spread = (square / (1 - second**self._steps)).sqrt_().add_(self._EPSILON)
        size = self._learning_rate / (1 - first**self._steps)
        self._table[rows] -= mean.div_(spread).mul_(size)


class _Classroom:
    """The lessons, and what a step makes of some of them."""

    def __init__(self, lessons: Sequence[Lesson], plan: TrainingPlan) -> None:
        self._plan = plan
        self._random = torch.Generator().manual_seed(plan.seed)
        self._lessons = lessons
        self._rows = [torch.from_numpy(lesson.rows) for lesson in lessons]
        self._weights = [torch.from_numpy(lesson.weights) for lesson in lessons]
        self._of_article: dict[int, list[int]] = {}
        for place, lesson in enumerate(lessons):
            self._of_article.setdefault(lesson.article, []).append(place)

    def batches(self) -> list[list[int]]:
        """Which articles each step looks at: all of them, or a random part of many."""
        articles = sorted(self._of_article)
        size = self._plan.articles_per_step
        if len(articles) < 2:
            return []
        if len(articles) <= size:
            return [articles] * self._plan.steps
        steps = self._plan.steps * math.ceil(len(articles) / size)
        return [self._some(articles) for _ in range(min(steps, self._plan.max_steps))]

    def _some(self, articles: list[int]) -> list[int]:
        order = torch.randperm(len(articles), generator=self._random).tolist()
        return sorted(articles[place] for place in order[: self._plan.articles_per_step])

    def some_units(self, articles: Sequence[int]) -> list[int]:
        """Places of the lessons of these articles that a step looks at."""
        return [place for article in articles for place in self._chosen(article)]

    def rows_of(self, places: Sequence[int]) -> torch.Tensor:
        """The rows of these lessons, one after the other."""
        return torch.cat([self._rows[place] for place in places])

    def loss(
        self,
        part: torch.Tensor,
        within: torch.Tensor,
        places: Sequence[int],
        articles: Sequence[int],
    ) -> torch.Tensor:
        """Mean loss of the questions at these places, all of these articles.

        ``part`` holds the rows that they use, ``within`` where in it each row of
        :meth:`rows_of` is.
        """
        number = {article: n for n, article in enumerate(articles)}
        own = torch.tensor([number[self._lessons[place].article] for place in places])
        asking = [n for n, place in enumerate(places) if self._lessons[place].asks]
        if not asking:
            return torch.zeros(())
        scores = self._scores(self._vectors(part, within, places), torch.tensor(asking), own)
        foreign = self._foreign(places, asking, articles)
        return cross_entropy(
            scores.masked_fill(foreign, _NEVER) / self._plan.temperature, own[asking]
        )

    def _chosen(self, article: int) -> list[int]:
        places = self._of_article[article]
        if len(places) <= self._plan.units_per_article:
            return places
        order = torch.randperm(len(places), generator=self._random).tolist()
        return [places[n] for n in sorted(order[: self._plan.units_per_article])]

    def _vectors(
        self, part: torch.Tensor, within: torch.Tensor, places: Sequence[int]
    ) -> torch.Tensor:
        weights = torch.cat([self._weights[place] for place in places])
        keep = torch.rand(len(weights), generator=self._random) > self._plan.dropout
        counts = torch.tensor([0] + [len(self._rows[place]) for place in places])
        summed = torch.nn.functional.embedding_bag(
            within,
            part,
            torch.cumsum(counts, 0)[:-1],
            mode="sum",
            per_sample_weights=weights * keep,
        )
        return normalize(summed, dim=1)

    def _scores(self, units: torch.Tensor, asking: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        """Score of every article [questions, articles], each question's own unit taken out."""
        questions = units[asking]
        members = one_hot(own).float()
        alike = questions @ units.T
        itself = one_hot(asking, len(units)).float()
        nearness = torch.exp((alike - 1) / self._plan.softness) * (1 - itself)
        best = 1 + self._plan.softness * torch.log(nearness @ members + 1e-12)
        sums = members.T @ units
        selves = (alike * itself).sum(1, keepdim=True) * members[asking]
        mean = (questions @ sums.T - selves) / (sums.norm(dim=1) + 1e-6)
        return (best + mean) / 2

    def _foreign(
        self, places: Sequence[int], asking: Sequence[int], articles: Sequence[int]
    ) -> torch.Tensor:
        """Which articles [questions, articles] are in another language than the question."""
        language = {self._lessons[p].article: self._lessons[p].language for p in places}
        columns = [language[article] for article in articles]
        return torch.tensor(
            [[self._lessons[places[n]].language != column for column in columns] for n in asking]
        )
