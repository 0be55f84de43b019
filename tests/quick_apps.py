"""Make the thousandth app of a test run as cheap as it can be without sharing anything that a request could change.

Each web test has an app of its own. Nearly all of its cost is the same text compiled again: the patterns and address
builders of three hundred routes, and the templates. Both depend on source alone, so one process compiles each once.
"""

from jinja2 import BytecodeCache
from werkzeug.routing import Rule

from portal.web.app import Portal


class CompiledTemplates(BytecodeCache):
    """Keeps the code of each template by its language, its name and the hash of its source.

    The sentences of a language are part of the code (`portal.web.spoken`): without the language every page would speak
    that of the first one that was compiled.
    """

    def __init__(self):
        self.codes = {}

    def load_bytecode(self, bucket):
        bucket.code = self.codes.get(_place(bucket))

    def dump_bytecode(self, bucket):
        self.codes[_place(bucket)] = bucket.code


def _place(bucket):
    say = bucket.environment.say
    return (say.args if say else (), bucket.key, bucket.checksum)


def compile_once():
    """Let this process compile each template and each route once."""
    Portal.jinja_options = Portal.jinja_options | {"bytecode_cache": CompiledTemplates()}
    compile_rule = Rule.compile
    known = {}

    def compiled(rule):
        if rule.defaults or rule.host or rule.subdomain:
            compile_rule(rule)
        elif first := known.get((rule.rule, rule.merge_slashes)):
            _take_over(rule, first)
        else:
            compile_rule(rule)
            known[rule.rule, rule.merge_slashes] = rule

    Rule.compile = compiled


def _take_over(rule, first):
    """Give a rule what was compiled for another one of the same text; the builders are bound to the rule itself."""
    rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
    rule.arguments |= first.arguments
    rule._build = first._build.__func__.__get__(rule)
    rule._build_unknown = first._build_unknown.__func__.__get__(rule)
