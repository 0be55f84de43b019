"""Which adapter reads which file, by the beginning of its name."""

from tests.conformance import annual_rates, daily_rate, dates, fineract, loan_replay, signatures, texts
from tests.conformance.verdicts import Family

FAMILIES = {
    "schedules_fineract_initial": Family(fineract.answer_initial, fineract.differs_initial),
    "schedules_fineract_emi": Family(fineract.answer_emi, fineract.differs_emi),
    "schedules_fineract_replay": Family(loan_replay.answer, loan_replay.differs, loan_replay.strip),
    "schedules_dailyrate": Family(daily_rate.answer, daily_rate.differs),
    "schedules_small": Family(daily_rate.answer_small, daily_rate.differs_small),
    "apr": Family(annual_rates.answer_apr, annual_rates.differs_apr),
    "xirr_tvm": Family(annual_rates.answer_tvm, annual_rates.differs_tvm),
    "daycount": Family(dates.answer_daycount, dates.differs_daycount),
    "recurrence": Family(dates.answer_recurrence, dates.differs_recurrence),
    "holidays": Family(dates.answer_holidays, dates.differs_holidays, dates.strip_holidays),
    "iso4217": Family(texts.answer_units, texts.differs_units),
    "money_format_cldr": Family(texts.answer_money, texts.differs_money),
    "money_format_babel": Family(texts.answer_babel, texts.differs_text),
    "phone": Family(texts.answer_phone, texts.differs_phone),
    "csv": Family(texts.answer_csv, texts.differs_csv),
    "otp": Family(signatures.answer_otp, texts.differs_text),
    "webhook": Family(signatures.answer_webhook, signatures.differs_webhook),
    "merkle": Family(signatures.answer_merkle, signatures.differs_merkle, signatures.strip_merkle),
}


def family_of(name: str) -> Family | None:
    """Return the family of a file name, the longest known beginning first."""
    for known in sorted(FAMILIES, key=len, reverse=True):
        if name.startswith(known):
            return FAMILIES[known]
    return None
