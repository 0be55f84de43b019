import itertools

import pytest

from portal.core.agreements.clauses import CHECKLIST, FAMILIES, PLACES, Section, keys, missing, outline
from portal.core.errors import AgreementError
from portal.core.packs.rules import PACKS
from portal.core.plans import grammar

FLAGS = list(itertools.product((True, False), repeat=3))


def an_outline(family="installment", place="us-2026-11-24", interest=False, waiver=False, course=False):
    return outline(family=family, place=place, has_interest=interest, has_waiver=waiver, has_course=course)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_plan_in_every_place_holds_the_whole_checklist(family):
    for pack, (interest, waiver, course) in itertools.product(PACKS.values(), FLAGS):
        sections = an_outline(family, pack.ref, interest, waiver, course)
        assert missing(sections) == [], (family, pack.code)
        named = [clause for section in sections for clause in section.clauses]
        assert len(named) == len(set(named))
        assert set(named) | {section.head for section in sections} <= keys()


def test_a_clause_that_is_left_out_is_found():
    sections = [part for part in an_outline() if part.head != "head_mind"]
    assert missing(tuple(sections)) == ["changing one's mind", "how to stop"]
    assert missing((Section(head="x", clauses=()),)) == list(CHECKLIST)


def test_what_a_plan_has_decides_its_sentences():
    def said(**more):
        return {clause for section in an_outline(**more) for clause in section.clauses}

    assert "charges_interest" in said(interest=True)
    assert "charges_no_interest" in said()
    assert "waiver_final" in said(waiver=True) - said()
    assert "course_fair" in said(course=True) - said()
    assert said(family="skills") ^ said(family="lump") == {"family_skills", "family_lump"}


@pytest.mark.parametrize("code", sorted(PACKS))
def test_a_place_adds_its_own_sentence_and_no_other_places(code):
    special = {clause for section in an_outline(place=PACKS[code].ref) for clause in section.clauses} & set(
        PLACES.values()
    )
    assert special == ({PLACES[code.lower()]} if code.lower() in PLACES else set())


def test_every_family_of_plans_has_a_clause():
    assert set(grammar.FAMILIES) <= set(FAMILIES)
    with pytest.raises(AgreementError):
        an_outline("raffle")


def test_a_course_with_new_terms_or_by_income_says_both():
    plain = {"place": "zz", "has_interest": False, "has_waiver": False, "has_course": True}
    for inner, own in (
        ("installment", []),
        ("restructure", ["family_restructure"]),
        ("index", ["family_index"]),
    ):
        (pay,) = [part for part in outline(family="skills", inner=inner, **plain) if part.head == "head_pay"]
        assert list(pay.clauses) == ["family_skills", *own, "pay_early"]
