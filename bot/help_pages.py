"""The help centre: pages that the knowledge base writes beside its index, served at `/help/`.

They are read from the index that is in use, so that pages and answers change together.
"""

import re
from datetime import date
from pathlib import Path
from typing import List, Optional

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from bot.pages import POLICY, WEB, Assets, WholeFile, without_range

# In which order an article is looked for that a language does not have.
_FOLDERS = ("zh", "zh-Hant", "en")
_DIGEST = re.compile(r"[0-9a-f]{1,64}\Z")
_TRADITIONAL = re.compile(r"zh-(hant|tw|hk|mo)\b")
_CHINESE = re.compile(r"(zh|yue|wuu|cmn)\b")
_RETRY_SECONDS = "30"


class HelpPages:
    """The files of the help centre, those of today and of the index in use."""

    def __init__(self, knowledge: Path) -> None:
        self._knowledge = knowledge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI; raises HTTPException 404 for what is nothing of the help centre."""
        folder = pages_folder(self._knowledge, date.today())
        response = _closed() if folder is None else await _response(folder, scope)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-cache"
        await response(without_range(scope), receive, send)


def pages_folder(knowledge: Path, today: date) -> Optional[Path]:
    """Where the pages of a day are, by the pointer to the index in use; None: nowhere yet."""
    try:
        digest = (knowledge / "current").read_text(encoding="ascii").strip()
        if not _DIGEST.match(digest):
            return None
        days = [each.name for each in (knowledge / digest / "help").iterdir()]
    except (OSError, UnicodeDecodeError):
        return None
    begun = [day for day in days if not day.startswith(".") and day <= today.isoformat()]
    return knowledge / digest / "help" / max(begun) if begun else None


def preferred(accepted: str) -> str:
    """The folder of the language that an `Accept-Language` header wants most; else English."""
    wanted = []
    for part in accepted.lower().split(","):
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        folder = _folder_of(tag)
        quality = _quality(parameters)
        if folder and quality:
            wanted.append((quality, folder))
    # Of equals the first one counts.
    return max(wanted, key=lambda each: each[0])[1] if wanted else "en"


async def _response(folder: Path, scope: Scope) -> Response:
    files = Assets(directory=folder, html=True)
    path = files.get_path(scope)
    if path == ".":
        language = preferred(Headers(scope=scope).get("accept-language", ""))
        return RedirectResponse(f"{language}/", 302, {"Vary": "Accept-Language"})
    try:
        return await files.get_response(path, scope)
    except HTTPException as error:
        missing = _missing(folder, path) if error.status_code == 404 else None
        if missing is None:
            raise
        return missing


def _missing(folder: Path, path: str) -> Optional[Response]:
    """Another language's article in place of one that is not there, or words about it."""
    language, _, name = path.partition("/")
    if language not in _FOLDERS or not re.fullmatch(r"[\w-]+\.html", name):
        return None
    for other in _FOLDERS:
        if other != language and (folder / other / name).is_file():
            return RedirectResponse(f"../{other}/{name}", 302)
    return WholeFile(folder / language / "_missing.html", status_code=404)


def _closed() -> Response:
    return WholeFile(
        WEB / "help" / "closed.html", status_code=503, headers={"Retry-After": _RETRY_SECONDS}
    )


def _folder_of(tag: str) -> Optional[str]:
    if _TRADITIONAL.match(tag):
        return "zh-Hant"
    if _CHINESE.match(tag):
        return "zh"
    return "en" if tag.split("-")[0] == "en" else None


def _quality(parameters: List[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q" and re.fullmatch(r"[01](\.\d{0,3})?", value):
            return float(value)
    return 1.0
