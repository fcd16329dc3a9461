"""Where a browser may be sent after signing in: a page of ours, and nowhere else."""

from urllib.parse import urlsplit

FIRST_PAGE = "/"
_LONGEST = 1000
_NO_PAGES = (
    "/sign-in",
    "/sign-out",
    "/_stcore",
    "/media",
    "/assets",
    "/health",
    "/ready",
    "/static",
    "/upload",
)


def local_path(text: str) -> str:
    r"""Returns a path of this dashboard with its query, or the first page for everything else.

    >>> local_path("/units?unit=Product"), local_path("//evil.example"), local_path("/\\evil.example")
    ('/units?unit=Product', '/', '/')
    """
    return text if _is_page(text) else FIRST_PAGE


def _is_page(text: str) -> bool:
    if not text.startswith("/") or text.startswith("//") or len(text) > _LONGEST:
        return False
    if not (text.isascii() and text.isprintable()) or "\\" in text or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_ours = not (parts.scheme or parts.netloc)
    return is_ours and not any(f"{parts.path}/".startswith(f"{start}/") for start in _NO_PAGES)
