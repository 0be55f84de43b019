"""Which clauses an agreement holds: by its plan, its place and its rules, in one order for every language.

The sentences themselves are data (translations/clauses/VERSION/LANGUAGE.toml); here are only their keys. The list of
what must be there is that of China's card measures art. 70, which asks for more than the other places do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.core.errors import AgreementError

FAMILIES = (
    "full", "installment", "lump", "parts", "restructure", "consolidation", "skills", "breathing_space", "index",
)  # fmt: skip
#: ISO code of a pack, in lower case -> the sentence that only its place asks for.
PLACES: Mapping[str, str] = MappingProxyType(
    {code: f"place_{code}" for code in ("us", "gb", "cn", "de", "fr", "th", "mx", "in")}
)
#: What art. 70 asks for -> a clause of which at least one must stand in every agreement. Balance and structure, cycle,
#: dates and each amount are tables that the document always holds beside their clause.
CHECKLIST: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "balance, structure and currency": frozenset({"debt_as_of"}),
        "cycle, method, dates, each amount": frozenset({"pay_early"}),
        "interest during the plan": frozenset({"charges_interest", "charges_no_interest"}),
        "fees during the plan": frozenset({"charges_no_fee"}),
        "duties of both": frozenset({"duties"}),
        "collection stops": frozenset({"contact_stops"}),
        "what happens when a payment is missed": frozenset({"missed_end"}),
        "changing one's mind": frozenset({"mind_days"}),
        "how to stop": frozenset({"mind_kept"}),
        "which language rules": frozenset({"ruling_language"}),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One numbered part: the key of its heading, and the keys of its sentences in their order."""

    head: str
    clauses: tuple[str, ...]


def outline(
    *, family: str, place: str, has_interest: bool, has_waiver: bool, has_course: bool, inner: str = ""
) -> tuple[Section, ...]:
    """Return the sections of an agreement. `place` is the reference of its pack ("th-2026-11-24").

    `inner` is what a course or several accounts go with; new terms and payments by income get their own sentence too.

    Raises AgreementError for a family that has no clause: a plan that nobody wrote a sentence for is not signed.
    """
    if family not in FAMILIES:
        raise AgreementError(f"there is no clause for a plan of the family {family!r}")
    own = [f"family_{inner}"] if inner in {"restructure", "index"} and family == "skills" else []
    special = PLACES.get(place.partition("-")[0].lower())
    return (
        Section(head="head_debt", clauses=("debt_as_of",)),
        Section(head="head_pay", clauses=(f"family_{family}", *own, "pay_early")),
        Section(
            head="head_charges",
            clauses=(
                "charges_interest" if has_interest else "charges_no_interest",
                "charges_no_fee",
                *(["waiver_final"] if has_waiver else []),
                *(["course_fair"] if has_course else []),
            ),
        ),
        Section(head="head_duties", clauses=("duties", "contact_stops")),
        Section(head="head_missed", clauses=("missed_grace", "missed_move", "missed_end")),
        Section(head="head_mind", clauses=("mind_days", "mind_kept")),
        Section(
            head="head_place",
            clauses=(*([special] if special else []), "place_rules", "ruling_language"),
        ),
    )


def keys() -> frozenset[str]:
    """Return every key that some agreement can ask for: what each language file must hold, and nothing else."""
    found = {f"family_{family}" for family in FAMILIES} | set(PLACES.values())
    for flag in (True, False):
        for part in outline(
            family="installment", place="zz", has_interest=flag, has_waiver=flag, has_course=flag
        ):
            found |= {part.head, *part.clauses}
    return frozenset(found)


def missing(sections: tuple[Section, ...]) -> list[str]:
    """Return what of the checklist an outline lacks, in its words; empty when it is whole."""
    held = {clause for section in sections for clause in section.clauses}
    return [asked for asked, clauses in CHECKLIST.items() if not held & clauses]
