"""India, Australia."""

# ruff: noqa: E501 - a fact of law stays on its line
# fmt: off
from datetime import time

from portal.core.packs.model import Body, ContactHours, Fact, Pack

IN = Pack(
    code="IN",
    name="India",
    currency="INR",
    languages=("hi", "en"),
    contact_hours=ContactHours(mon_fri=(time(8), time(19)), sat=(time(8), time(19)), sun=(time(8), time(19)), holiday=(time(8), time(19)), status="S", source="RBI circular 12 Aug 2022 (six press reports read)"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="none general; natural-calamity relief rules", status="G", source="general"),
        "charges": Fact(value="penal charges only, reasonable, not capitalised (no penal interest)", status="G", source="RBI circular 18 Aug 2023"),
        "contact_frequency": Fact(value=None, status="S", source="same", note="no persistent calling, no family/friends/social media"),
        "cooling_off": Fact(value="look-up period for digital loans (lender-set, at least 1 day)", status="G", source="RBI Digital Lending Directions"),
        "data_protection": Fact(value="DPDP Act 2023", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="IT Act 2000 ss.3A, 5, 10A; Aadhaar eSign", status="G", source="general"),
        "first_contact": Fact(value="recovery agencies published on lender's site; borrower told the agent's details when a recovery agent is assigned", status="S", source="moneycontrol (read) / digital lending rules (G)"),
        "notice_language": Fact(value="vernacular or language understood by the borrower (Fair Practices Code)", status="G", source="RBI"),
        "plan_limits": Fact(value="lender board-approved compromise settlement policy", status="G", source="RBI framework June 2023"),
        "retention": Fact(value=8, status="U", source="general", unit="years"),
        "time_bar": Fact(value=3, status="G", source="Limitation Act 1963", unit="years"),
    },
    advice=(
        Body(name="bank-run credit counselling centres (varies)", status="U"),
    ),
    complaints=(
        Body(name="RBI Ombudsman (RB-IOS 2021)", status="G", phone="14448", web="cms.rbi.org.in"),
    ),
)

AU = Pack(
    code="AU",
    name="Australia",
    currency="AUD",
    languages=("en", "zh-Hans", "vi", "ar"),
    contact_hours=ContactHours(mon_fri=(time(7, 30), time(21)), sat=(time(9), time(21)), sun=(time(9), time(21)), holiday=None, status="V", source="ACCC/ASIC debt collection guideline part 2 s.4 (read at accc.gov.au); RG 96"),
    messages_per_day=None,
    messages_per_7_days=3,
    facts={
        "breathing_space": Fact(value=21, status="G", source="National Credit Code", unit="days", note="hardship notice: lender answers within 21 days (NCC 72); AFSA temporary debt protection 21 days"),
        "charges": Fact(value="48% cap for most consumer credit; SACC fee rules", status="G", source="NCCP Act"),
        "contact_frequency": Fact(value="contacts_per_week: 3, contacts_per_month: 10", status="S", source="guideline (3/week read at merion.com.au; 10/month G)"),
        "cooling_off": Fact(value=None, status="G", source="general"),
        "data_protection": Fact(value="Privacy Act 1988", status="G", source="general"),
        "dispute_window": Fact(value=None, status="G", source="guideline", note="suspend while genuine dispute is looked into"),
        "esign": Fact(value="method identifies person and intent, reliable as appropriate, consent", status="S", source="ETA 1999 (mondaq, read)"),
        "first_contact": Fact(value="who you are, for whom, what for; privacy check of identity first", status="G", source="guideline"),
        "notice_language": Fact(value="en; interpreter TIS 131 450", status="G", source="general"),
        "plan_limits": Fact(value=None, status="G", source="general"),
        "retention": Fact(value=7, status="G", source="general", unit="years"),
        "time_bar": Fact(value=6, status="G", source="state limitation acts", unit="years", note="NT 3"),
    },
    advice=(
        Body(name="National Debt Helpline (free)", status="V", phone="1800 007 007", web="ndh.org.au"),
    ),
    complaints=(
        Body(name="AFCA", status="G", phone="1800 931 678", web="afca.org.au", note="internal answer within 30 days (RG 271)"),
    ),
)

PACKS = (IN, AU)
