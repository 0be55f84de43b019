"""Templates compiled for a language say what the translations say, and fill values in as before."""

from jinja2 import DictLoader, nodes
from markupsafe import Markup

from portal.web.app import Portal
from portal.web.assets import icon

WORDS = {
    ("th", "Hello"): "สวัสดี",
    ("th", "Hello %(name)s"): "สวัสดี %(name)s",
    ("th", "Half is 50%%"): "ครึ่งหนึ่งคือ 50%%",
}
PAGES = {
    "page.html": '<h1>{{ _("Hello") }}</h1>'
    '{% from "part.html" import greet %}{{ greet(name) }}{% include "half.html" %}',
    "part.html": '{% macro greet(name) %}{{ _("Hello %(name)s", name=name) }}{% endmacro %}',
    "half.html": "{% trans %}Half is 50%{% endtrans %}",
    "title.html": '{% set title = _("Hello") %}{{ title|upper }} {{ _(name) }}',
    "many.html": "{% trans num=n %}{{ num }} page{% pluralize %}{{ num }} pages{% endtrans %}",
}


def an_environment(tongue):
    env = Portal("a test", static_folder=None).jinja_env
    env.loader = DictLoader(PAGES)
    env.add_extension("jinja2.ext.i18n")

    def say(text):
        return WORDS.get((tongue[0], text), text)

    env.install_gettext_callables(say, lambda one, many, n: one if n == 1 else many, newstyle=True)
    env.speak(language=lambda: tongue[0], translate=lambda tag, text: WORDS.get((tag, text), text))
    return env


def test_a_page_its_parts_and_its_macros_speak_the_language_of_the_request():
    tongue = ["en"]
    env = an_environment(tongue)
    english = "<h1>Hello</h1>Hello AnaHalf is 50%"
    for tag, said in (("en", english), ("th", "<h1>สวัสดี</h1>สวัสดี Anaครึ่งหนึ่งคือ 50%"), ("en", english)):
        tongue[0] = tag
        assert env.get_or_select_template("page.html").render(name="Ana") == said


def test_values_are_escaped_and_marked_ones_are_not():
    env = an_environment(["th"])
    page = env.get_or_select_template("page.html")
    assert "สวัสดี &lt;b&gt;" in page.render(name="<b>")
    assert "สวัสดี <b>" in page.render(name=Markup("<b>"))


def test_a_sentence_in_an_expression_and_one_that_is_no_constant():
    env = an_environment(["th"])
    assert env.get_or_select_template("title.html").render(name="Hello") == "สวัสดี สวัสดี"


def test_a_plural_waits_for_its_number():
    env = an_environment(["th"])
    page = env.get_or_select_template("many.html")
    assert (page.render(n=1), page.render(n=2)) == ("1 page", "2 pages")


def test_an_icon_of_a_known_name_is_drawn_beforehand(app):
    spoken = app.jinja_env.speaking("es")
    tree = spoken.said('{{ icon("go", flip=true) }}{{ static("portal.css") }}{{ icon(name) }}')
    assert [call.args[0].name for call in tree.find_all(nodes.Call)] == ["name"]
    with app.test_request_context():
        assert spoken.from_string('{{ icon("go", flip=true) }}').render() == str(icon("go", flip=True))


def test_no_constant_sentence_is_looked_up_at_a_view(app):
    """Every template of the product, compiled: what calls gettext yet has a value for its sentence."""
    env = app.jinja_env
    spoken = env.speaking("es")
    for name in env.list_templates():
        tree = spoken.said(env.loader.get_source(env, name)[0], name)
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext"):
                assert not isinstance(call.args[0], nodes.Const), f"{name}:{call.lineno}"


def test_words_come_from_compiling_not_from_a_look_up(app):
    """The planted fault: a page of Spanish, shown in an English request, would speak English if it looked up."""
    page = app.jinja_env.speaking("es").from_string('{{ _("Interest") }}')
    with app.test_request_context("/?l=en"):
        assert page.render() == "Interés"
