"""A few made-up debtors with their fields, made once for all tests of the bench."""

import random
from functools import cache

from portal.core.bench import generator, second
from portal.core.bench.table import crowd_of


@cache
def first(count=30, seed=1):
    return crowd_of(generator.debtors(random.Random(seed), count))


@cache
def other(count=30, seed=1):
    return crowd_of(second.debtors(random.Random(seed), count))
