"""Which adapter reads which file, by the beginning of its name."""

from tests.conformance import fineract, loan_replay
from tests.conformance.verdicts import Family

FAMILIES = {
    "schedules_fineract_initial": Family(fineract.answer_initial, fineract.differs_initial),
    "schedules_fineract_emi": Family(fineract.answer_emi, fineract.differs_emi),
    "schedules_fineract_replay": Family(loan_replay.answer, loan_replay.differs, loan_replay.strip),
}


def family_of(name: str) -> Family | None:
    """Return the family of a file name, the longest known beginning first."""
    for known in sorted(FAMILIES, key=len, reverse=True):
        if name.startswith(known):
            return FAMILIES[known]
    return None
