"""What a part of an address may hold. No text column takes a null byte, so nothing has one in its name."""

from flask import Flask
from werkzeug.routing import Map, UnicodeConverter


class Part(UnicodeConverter):
    """One part of an address, without a null byte: with one it is the address of nothing, 404."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules)
        self.regex = r"[^/\0]+"


def configure(app: Flask) -> None:
    """Read the parts of addresses so; before any route is added."""
    app.url_map.converters["default"] = Part
