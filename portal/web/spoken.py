"""Templates compiled once for each language: a sentence of the source is a constant of the page that speaks it.

A page asks for some fifty translations and a dozen icons. Looked up at every view they cost as much as the rest of the
page; here each is looked up once, when the template is compiled for a language. What depends on values is filled in
at every view.
"""

from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import escape

#: What a template calls to say a sentence; `{% trans %}` calls the second.
_SAYERS = frozenset({"_", "gettext"})
#: Functions of the templates that give the same for the same words as long as the process lives.
_PURE = frozenset({"icon", "static"})


class SpokenEnvironment(Environment):
    """The app's environment: each page comes from an environment of its own language, made when first needed."""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._language: Callable[[], str] | None = None
        self._translate: Callable[[str, str], str] | None = None
        self.say: Callable[[str], str] | None = None
        self._spoken: dict[str, SpokenEnvironment] = {}

    def speak(self, *, language: Callable[[], str], translate: Callable[[str, str], str]) -> None:
        """Tell how to find the language tag of a request, and how to say in a language (tag, sentence)."""
        self._language, self._translate = language, translate

    def get_or_select_template(self, *names: Any, **more: Any) -> Template:
        """Give a template in the language of the request; an environment that speaks gives its own."""
        if self.say is None and self._language is not None:
            return self.speaking(self._language()).get_or_select_template(*names, **more)
        return super().get_or_select_template(*names, **more)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Let a template use the environment's own names as they are, where nothing is laid over them."""
        return super().make_globals(d) if d else self.globals

    def compile(self, source: Any, *names: Any, **more: Any) -> Any:
        """Compile a template with its constant sentences said already."""
        if isinstance(source, str):
            source = self.said(source, *names[:2])
        return super().compile(source, *names, **more)

    def said(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Read a template; an environment that speaks says its constant sentences."""
        tree = self.parse(source, name, filename)
        return tree if self.say is None else _Said(self.say, self.globals).visit(tree)

    def speaking(self, tag: str) -> "SpokenEnvironment":
        """Give the environment of one language: this one, with compiled templates of its own."""
        if tag not in self._spoken:
            spoken = self.overlay()
            spoken.say = partial(self._translate, tag)
            self._spoken[tag] = spoken
        return self._spoken[tag]


class _Said(NodeTransformer):
    """Puts a constant in the place of each call that is known beforehand; a plural waits for its number."""

    def __init__(self, say: Callable[[str], str], functions: Mapping[str, Callable[..., str]]) -> None:
        self._say = say
        self._functions = functions

    def visit_Call(self, node: nodes.Call, *args: Any, **more: Any) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node, *args, **more)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        words = [one.value for one in node.args if isinstance(one, nodes.Const)]
        if node.dyn_args or node.dyn_kwargs or len(words) != len(node.args):
            return node
        if name in _SAYERS and len(words) == 1:
            return self._sentence(words[0], node)
        if name in _PURE and all(isinstance(one.value, nodes.Const) for one in node.kwargs):
            found = self._functions[name](*words, **{one.key: one.value.value for one in node.kwargs})
            return nodes.TemplateData(str(escape(found)), lineno=node.lineno)
        return node

    def _sentence(self, text: str, node: nodes.Call) -> nodes.Node:
        said = self._say(text)
        if not node.kwargs:
            return nodes.TemplateData(said % {}, lineno=node.lineno)
        values = nodes.Dict([nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs])
        return nodes.Mod(nodes.TemplateData(said), values, lineno=node.lineno)
