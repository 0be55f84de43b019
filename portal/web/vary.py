"""What an answer depends on besides its address."""

from flask import Response


def vary(response: Response, *names: str) -> None:
    """Add header names to `Vary`, each once: plainly, for every answer passes here several times."""
    known = response.headers.get("Vary", "")
    fresh = [name for name in names if name not in known]
    if fresh:
        response.headers["Vary"] = ", ".join([known, *fresh] if known else fresh)
