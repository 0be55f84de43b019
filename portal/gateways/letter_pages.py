"""Letters as HTML: the same data in any language that their texts speak, by one template, without a request.

Every value is escaped and isolated here; a letter holds no markup of its own. The same letter in the same language
gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.core.letters.frame import TEXTS_VERSION, asked_texts
from portal.gateways.figures import day_words, money_words, percent_words, signed_words
from portal.gateways.languages import FOLDER, SOURCE, Language, languages
from portal.gateways.sentences import Sentences, load_sentences

KIND = "letters"
RULED_KIND = "itemization"
RULING = {"DE": "de", "FR": "fr"}
"""Places whose law reads a letter in its own language, though the pages may not speak it yet."""
_PAGES = Environment(
    loader=FileSystemLoader(FOLDER.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """A letter written out: its article, its title, and the language that it speaks."""

    language: Language
    title: str
    article: str


def letter_language(*wished: str | None, kind: str, place: str) -> str:
    """Return the first wished language in which this kind of letter is written, English where none is.

    Every kind is written in the languages that the pages offer; what a law reads in its own language, in that too.
    """
    own = RULING.get(place) if kind == RULED_KIND else None
    spoken = (tag for tag in wished if tag in languages() and (languages()[tag].complete or tag == own))
    return next((str(tag) for tag in spoken if load_sentences(KIND, TEXTS_VERSION, str(tag))), SOURCE)


def letter_languages(letter: Mapping[str, Any]) -> list[Language]:
    """List the languages in which every text of a letter is there."""
    asked = asked_texts(letter)
    found = ((one, load_sentences(KIND, str(letter["texts"]), one.tag)) for one in languages().values())
    return [one for one, sentences in found if sentences is not None and asked <= sentences.texts.keys()]


def write_letter(letter: Mapping[str, Any], tag: str) -> LetterPage:
    """Write a letter out in a language. Raises LookupError where its version of the texts lacks it or a sentence."""
    sentences = load_sentences(KIND, str(letter["texts"]), tag)
    if sentences is None:
        raise LookupError(f"no letters of {letter['texts']} in {tag}")
    writer = _Writer(sentences)
    title = writer.text(letter["title"], {})
    article = _PAGES.get_template("letter/document.html").render(
        tongue=sentences.language,
        letter=letter,
        title=title,
        made_on=writer.value({"day": letter["made_on"]}),
        number=bdi(str(letter["letter"])[-12:].upper()),
        reference=writer.text("reference", {}),
        about=writer.text(
            "about_account",
            {"account": {"words": letter["account"]}, "creditor": {"words": letter["creditor"]["name"]}},
        ),
        name=bdi(letter["debtor"]["name"]),
        address=[bdi(line) for line in (*letter["sender"]["address"], *letter["sender"]["reach"])],
        sender=bdi(letter["sender"]["name"]),
        blocks=[writer.block(block) for block in letter["blocks"]],
        check=writer.text(
            "check",
            {
                "number": {"words": str(letter["letter"])[-12:].upper()},
                "address": {"words": letter["check"]},
            },
        ),
    )
    return LetterPage(language=sentences.language, title=title.unescape(), article=article)


def bdi(text: object) -> Markup:
    """Keep a name, a reference or a figure in its own order inside any sentence."""
    return Markup(f"<bdi>{escape(text)}</bdi>")  # noqa: S704 - escaped here


class _Writer:
    """Writes the blocks of a letter in one language."""

    def __init__(self, sentences: Sentences) -> None:
        self.sentences = sentences
        self.babel = sentences.language.babel

    def text(self, text_id: str, values: Mapping[str, Any], num: int = 0) -> Markup:
        """Write a sentence with its values in it; everything is escaped."""
        shown = {name: self.value(value) for name, value in values.items()}
        plain = self.sentences.say(text_id, {name: f"{{{name}}}" for name in shown} | {"num": num})
        return Markup(escape(plain)).format(**shown)  # noqa: S704 - escaped just before

    def value(self, value: Mapping[str, Any]) -> Markup:
        """Write a value as the language does."""
        if "term" in value:
            return self.text(value["term"], {})
        return bdi(self._bare(value))

    def _bare(self, value: Mapping[str, Any]) -> str:
        if "currency" in value:
            return money_words(value["minor"], value["currency"], self.babel)
        if "day" in value:
            return day_words(date.fromisoformat(value["day"]), "long", self.babel)
        if "rate" in value:
            return percent_words(Decimal(value["rate"]), self.babel)
        return str(value["words"])

    def block(self, block: Mapping[str, Any]) -> dict[str, Any]:
        """Give what the template shows of a block: its kind, and its parts written out."""
        for kind in ("head", "say", "points", "boxes", "pairs", "sum", "table"):
            if kind in block:
                return {"kind": kind, **getattr(self, f"_{kind}")(block)}
        raise LookupError(f"a block without a kind: {sorted(block)}")

    def _head(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": self.text(block["head"], {})}

    def _say(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": self.text(block["say"], block["with"], block.get("num", 0))}

    def _points(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"texts": self._sayings(block["points"])}

    def _boxes(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"texts": self._sayings(block["boxes"])}

    def _sayings(self, blocks: Sequence[Mapping[str, Any]]) -> list[Markup]:
        return [self.text(one["say"], one["with"], one.get("num", 0)) for one in blocks]

    def _pairs(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"rows": [(self.text(name, {}), self.value(value)) for name, value in block["pairs"]]}

    def _sum(self, block: Mapping[str, Any]) -> dict[str, Any]:
        rows = []
        for place, (name, on, amount) in enumerate(block["sum"]):
            shown = self.value(amount) if not place else bdi(self._signed(amount))
            rows.append((self.text(name, {}), self.value({"day": on}) if on else "", shown))
        name, amount = block["total"]
        return {"rows": rows, "total": (self.text(name, {}), self.value(amount))}

    def _signed(self, amount: Mapping[str, Any]) -> str:
        return signed_words(amount["minor"], amount["currency"], self.babel)

    def _table(self, block: Mapping[str, Any]) -> dict[str, Any]:
        rows = [[("minor" in cell, self.value(cell)) for cell in row] for row in block["rows"]]
        ends = [is_amount for is_amount, _ in rows[0]] if rows else [False] * len(block["columns"])
        columns = [(end, self.text(name, {})) for end, name in zip(ends, block["columns"], strict=True)]
        return {"caption": self.text(block["table"], {}), "columns": columns, "rows": rows}
