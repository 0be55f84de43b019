from dataclasses import fields

from portal.core.bounds.families import Families
from portal.core.bounds.kinds import kinds
from portal.core.plans.grammar import FAMILIES


def test_every_family_of_the_grammar_has_rules_and_is_off_by_default():
    assert {f.name for f in fields(Families)} == set(FAMILIES)
    assert not any(getattr(Families(), name).on for name in FAMILIES)


def test_a_field_that_sizes_or_relieves_says_which_way_is_stricter():
    for name, kind in kinds(Families).items():
        for field, inner in kinds(kind.nested).items():
            if (
                inner.code
                and inner.nested is None
                and field != "needs"
                and (name, field) != ("index", "theta_max")
            ):
                assert inner.tight, (name, field)
