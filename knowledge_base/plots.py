"""Pictures of an evaluation, as PNG: recall, scores with their thresholds, coverage and risk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from knowledge_base.language import LANGUAGES, detect_language
from knowledge_base.thresholds import Thresholds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from knowledge_base.outcomes import Outcome

_OURS, _PLAIN, _WRONG = "#1b7f5c", "#8a8f98", "#c44536"
_BY_LANGUAGE = {"zh": "#c44536", "en": "#3066be"}
_NAMES = {"zh": "中文", "en": "English"}
_WIDTH = 9.0

# The first one that is installed writes what is Chinese; without any, languages keep their codes.
_CHINESE_FONTS = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "PingFang SC", "Heiti SC", "Microsoft YaHei"),
    *("SimHei", "Arial Unicode MS"),
)


def draw(
    outcomes: Sequence[Outcome],
    figures: Mapping[str, Any],
    thresholds: Mapping[str, Thresholds],
    folder: Path,
) -> list[Path]:
    """Draw the outcomes of a run and the ``figures`` that were reported; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.png" for name in ("recall", "scores", "coverage")]
    _recall(figures, paths[0])
    _scores(outcomes, thresholds, paths[1])
    _coverage(outcomes, thresholds, paths[2])
    return paths


def _recall(figures: Mapping[str, Any], path: Path) -> None:
    """Recall by language and by kind of question."""
    groups = {_name(lang): row for lang, row in figures["by_language"].items()}
    groups.update(figures["by_kind"])
    groups = {name: row for name, row in groups.items() if row["recall@1"] is not None}
    figure = _figure(1.5 + 0.6 * len(groups))
    axes = figure.subplots()
    for shift, key, colour in ((0.2, "recall@1", _OURS), (-0.2, "recall@3", _PLAIN)):
        places = [n + shift for n in range(len(groups))]
        bars = axes.barh(
            places, [100 * row[key] for row in groups.values()], height=0.38, color=colour
        )
        axes.bar_label(bars, fmt="%.1f", padding=3)
        bars.set_label(key)
    labels = [f"{name} ({row['n']})" for name, row in groups.items()]
    axes.set(yticks=range(len(groups)), yticklabels=labels, xlabel="found, %", xlim=(0, 108))
    axes.invert_yaxis()
    if groups:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    _finish(axes, "The right article first, and among three")
    _save(figure, path)


def _scores(outcomes: Sequence[Outcome], thresholds: Mapping[str, Thresholds], path: Path) -> None:
    """How near the best article came, by what it was, with both thresholds."""
    figure = _figure(3.2 * len(LANGUAGES))
    for axes, language in zip(figure.subplots(len(LANGUAGES), 1), LANGUAGES):
        mine = [each for each in outcomes if each.query.language == language]
        kinds = {
            "right article first": [o.score for o in mine if o.rank == 1],
            "another one first": [o.score for o in mine if o.query.relevant and o.rank != 1],
            "no article answers": [o.score for o in mine if not o.query.relevant],
        }
        most = max([1.0, *(o.score for o in mine)])
        for (name, scores), colour in zip(kinds.items(), (_OURS, _WRONG, _PLAIN)):
            axes.hist(scores, bins=40, range=(0, most), color=colour, alpha=0.6, label=name)
        if language in thresholds:
            limits = thresholds[language]
            axes.axvline(limits.answer, color="#222222", label="answered from")
            axes.axvline(limits.offer, color="#222222", ls="--", label="offered from")
        axes.set(xlabel="score", ylabel="questions")
        axes.legend(fontsize="small")
        _finish(axes, f"{_name(language)}: scores of {len(mine)} questions")
    _save(figure, path)


def _coverage(
    outcomes: Sequence[Outcome], thresholds: Mapping[str, Thresholds], path: Path
) -> None:
    """If only the surest were answered: how many would be, and how many of them wrongly."""
    figure = _figure(4.5)
    axes = figure.subplots()
    for language in LANGUAGES:
        mine = [each for each in outcomes if each.query.language == language]
        if not mine:
            continue
        curve = coverage_and_risk(mine)
        colour = _BY_LANGUAGE[language]
        axes.plot(
            [100 * covered for covered, _ in curve],
            [100 * risk for _, risk in curve],
            color=colour,
            label=_name(language),
        )
        if language in thresholds:
            answered = sum(o.score >= thresholds[language].answer for o in mine)
            if answered:
                covered, risk = curve[answered - 1]
                axes.plot(100 * covered, 100 * risk, "o", color=colour, label="as it is set")
    axes.set(xlabel="answered, % of all questions", ylabel="wrong among these, %", xlim=(0, 100))
    axes.set_ylim(bottom=0)
    if outcomes:
        _chinese(*axes.legend().get_texts())
    _finish(axes, "Coverage and risk")
    _save(figure, path)


def coverage_and_risk(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """For the surest one, two, three …: their share of all, and the share of them that is wrong."""
    surest = sorted(outcomes, key=lambda each: each.score, reverse=True)
    curve, wrong = [], 0
    for number, each in enumerate(surest, start=1):
        wrong += each.rank != 1
        curve.append((number / len(surest), wrong / number))
    return curve


def _name(language: str) -> str:
    return _NAMES[language] if _chinese_font() else language


def _chinese_font() -> str | None:
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in _CHINESE_FONTS if name in installed), None)


def _chinese(*texts: Any) -> None:
    """Give labels with Chinese characters a font that has them; the usual one has none."""
    font = _chinese_font()
    for text in texts:
        if font and detect_language(text.get_text()) == "zh":
            text.set_fontfamily(font)


def _figure(height: float) -> Figure:
    # Without pyplot: that would look for a screen, and keep every figure until the end.
    from matplotlib.figure import Figure

    return Figure(figsize=(_WIDTH, height))


def _finish(axes: Any, title: str) -> None:
    axes.set_title(title)
    axes.grid(alpha=0.3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    _chinese(axes.title, *axes.get_yticklabels())


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=120)
