import inspect

from portal.core import errors


def test_every_exception_has_a_sentence_as_its_default_message():
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    for kind in kinds:
        assert issubclass(kind, errors.PortalError)
        assert str(kind()).endswith(".")
        assert str(kind("because")) == "because"


def test_the_tree_in_the_docstring_names_every_exception():
    for name, _ in inspect.getmembers(errors, inspect.isclass):
        assert name in errors.__doc__
