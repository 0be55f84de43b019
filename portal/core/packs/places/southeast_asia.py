"""Thailand, Vietnam, Indonesia, Malaysia, the Philippines, Singapore."""

# ruff: noqa: E501 - a fact of law stays on its line
# fmt: off
from datetime import time

from portal.core.packs.model import Body, ContactHours, Fact, Pack

TH = Pack(
    code="TH",
    name="Thailand",
    currency="THB",
    languages=("th",),
    contact_hours=ContactHours(mon_fri=(time(8), time(20)), sat=(time(8), time(18)), sun=(time(8), time(18)), holiday=(time(8), time(18)), status="S", source="Debt Collection Act B.E. 2558 s.9 (press read: ejan.co)"),
    messages_per_day=1,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="debt clinic programme for unsecured bank debt; BOT responsible-lending rules require restructuring offers before and after default", status="G", source="BOT notification 2023"),
        "charges": Fact(value="caps: personal loan 25%, card 16%; general law 15%; default interest on missed principal only; collection-fee cap per cycle", status="G", source="BOT notices; CCC 654"),
        "contact_frequency": Fact(value="messages_per_day: 1", status="V", source="Notification under ss.9(3), 16(1), gazetted 23 Aug 2019 (text quoted by komchadluek.net, read)", note="max once a day to debtor or named contact; in force 21 Nov 2019"),
        "cooling_off": Fact(value=None, status="U", source="none found"),
        "data_protection": Fact(value="PDPA B.E. 2562", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="any symbol linking person and consent, incl. OTP or click, is accepted; written form satisfied by accessible data message", status="S", source="ETA B.E. 2544 (articles by Chandler MHM, Tilleke read)"),
        "first_contact": Fact(value="collector gives name/agency and debt; authorisation shown; nothing on envelopes that reveals collection", status="G", source="Debt Collection Act ss.8-11"),
        "notice_language": Fact(value="th", status="G", source="general"),
        "plan_limits": Fact(value="debt clinic: up to 10 years at 3-5%", status="G", source="general"),
        "retention": Fact(value=5, status="U", source="general", unit="years", note="accounting"),
        "time_bar": Fact(value="credit_card: 2, instalment_loan: 5, general: 10", status="G", source="CCC 193/30-193/34", unit="years"),
    },
    advice=(
        Body(name="Debt Clinic by SAM", status="G", web="debtclinicbysam.com"),
        Body(name="BOT Financial Consumer Protection Center", status="S", phone="1213", web="1213.or.th"),
    ),
    complaints=(
        Body(name="BOT Financial Consumer Protection Center", status="V", phone="1213", note="complain to the lender first and wait its published service time"),
        Body(name="Debt Collection Supervisory Committee / Ministry of Interior", status="G", phone="1567"),
    ),
)

VN = Pack(
    code="VN",
    name="Vietnam",
    currency="VND",
    languages=("vi",),
    contact_hours=ContactHours(mon_fri=(time(7), time(21)), sat=(time(7), time(21)), sun=(time(7), time(21)), holiday=(time(7), time(21)), status="S", source="Circular 43/2016/TT-NHNN art. 7 as amended by 18/2019 (thuvienphapluat.vn summary, read)"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="SBV restructuring circulars, time-limited", status="U", source="general"),
        "charges": Fact(value="civil loans max 20%/year; overdue-interest rules; credit institutions follow SBV rules", status="G", source="Civil Code 2015 art. 468"),
        "contact_frequency": Fact(value="reminders_per_day: 5", status="S", source="Circular 18/2019/TT-NHNN (read)", note="never to people without a duty to repay"),
        "cooling_off": Fact(value="general consumer law withdrawal rights not checked", status="U", source="Law 19/2023"),
        "data_protection": Fact(value="Decree 13/2023; Personal Data Protection Law (from 2026)", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="Law on E-Transactions 20/2023 (in force 1 Jul 2024)", status="G", source="general"),
        "first_contact": Fact(value="form of reminder as agreed in contract", status="S", source="same"),
        "hard_block": Fact(value="third_party_debt_collection_business_prohibited_since_2021-01-01", status="V", source="Law on Investment 61/2020/QH14 art. 6(1)(h), 77(5) (quoted by thuvienphapluat.vn, read)", note="pack must refuse 'agency' tenants; lender's own unit only"),
        "notice_language": Fact(value="vi", status="G", source="general"),
        "plan_limits": Fact(value=None, status="U", source="none found"),
        "retention": Fact(value=None, status="U", source="none found"),
        "time_bar": Fact(value=3, status="G", source="Civil Code art. 429", unit="years", note="contract disputes"),
    },
    advice=(
        Body(name="no free national debt-advice body known", status="U"),
    ),
    complaints=(
        Body(name="State Bank of Vietnam / National Competition Commission consumer line", status="G", phone="1800 6838"),
    ),
)

ID = Pack(
    code="ID",
    name="Indonesia",
    currency="IDR",
    languages=("id",),
    contact_hours=ContactHours(mon_fri=(time(8), time(20)), sat=(time(8), time(20)), sun=None, holiday=None, status="V", source="POJK 22/2023 art. 62(2)-(3) (quoted by okezone, kontan, others; read)"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="restructuring at lender's discretion; PKPU court moratorium", status="G", source="general"),
        "charges": Fact(value="online lending daily benefit caps stepped down since 2024", status="G", source="SEOJK 19/2023"),
        "contact_frequency": Fact(value=None, status="V", source="POJK 22/2023 art. 62(2) (read)", note="not continuously in a disturbing way; no threats, shaming, physical or verbal pressure; only to the consumer"),
        "cooling_off": Fact(value="short cooling-off period for some products under POJK 22/2023", status="U", source="general"),
        "data_protection": Fact(value="Law 27/2022 (PDP)", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="UU ITE; certified e-signature stronger", status="G", source="Law 11/2008; PP 71/2019"),
        "first_contact": Fact(value="warning letters before collateral steps (art. 64)", status="S", source="press read"),
        "notice_language": Fact(value="Indonesian required for contracts with Indonesian parties", status="G", source="Law 24/2009 art. 31; Perpres 63/2019"),
        "plan_limits": Fact(value=None, status="U", source="none found"),
        "retention": Fact(value=5, status="U", source="general", unit="years", note="10 for company documents"),
        "sanctions": Fact(value="up to IDR 15 billion fine", status="V", source="POJK 22/2023 art. 62(6) (read)"),
        "time_bar": Fact(value=30, status="G", source="KUHPerdata 1967", unit="years"),
    },
    advice=(
        Body(name="OJK consumer contact", status="G", phone="157", web="kontak157.ojk.go.id"),
    ),
    complaints=(
        Body(name="OJK APPK portal", status="G", phone="157"),
        Body(name="LAPS SJK", status="G"),
    ),
)

MY = Pack(
    code="MY",
    name="Malaysia",
    currency="MYR",
    languages=("ms", "en", "zh-Hans"),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="AKPK debt management programme", status="G", source="general"),
        "charges": Fact(value="moneylenders 12% secured / 18% unsecured", status="G", source="Moneylenders Act 1951"),
        "contact_frequency": Fact(value=None, status="S", source="law-firm article (read)", note="no harassment"),
        "contact_hours": Fact(value=None, status="U", source="BNM conduct rules not found"),
        "cooling_off": Fact(value=None, status="U", source="none found"),
        "data_protection": Fact(value="PDPA 2010 (amended 2024)", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="Electronic Commerce Act 2006; Digital Signature Act 1997", status="G", source="general"),
        "first_contact": Fact(value="collector identifies self, creditor and purpose", status="S", source="naiduchambers.com (read)"),
        "notice_language": Fact(value="Malay and English", status="G", source="general"),
        "plan_limits": Fact(value="AKPK plans up to 10 years", status="U", source="general"),
        "regime_change": Fact(value="Consumer Credit Bill 2025 tabled 4 Mar 2025; phased; brings collection agencies and impaired-loan buyers under a commission", status="S", source="nzchambers.com (read)"),
        "retention": Fact(value=7, status="U", source="general", unit="years"),
        "time_bar": Fact(value=6, status="G", source="Limitation Act 1953", unit="years"),
    },
    advice=(
        Body(name="AKPK (free)", status="G", phone="03-2616 7766", web="akpk.org.my"),
    ),
    complaints=(
        Body(name="BNMTELELINK", status="G", phone="1-300-88-5465"),
        Body(name="Financial Markets Ombudsman Service", status="G"),
    ),
)

PH = Pack(
    code="PH",
    name="Philippines",
    currency="PHP",
    languages=("fil", "en"),
    contact_hours=ContactHours(mon_fri=(time(6), time(22)), sat=(time(6), time(22)), sun=(time(6), time(22)), holiday=(time(6), time(22)), status="S", source="SEC MC 18 s.2019 (summaries read)"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="interbank debt relief programme for cards", status="G", source="general"),
        "charges": Fact(value="small short-term loans of lending/financing companies: 6%/month nominal, 15%/month effective, late 5%/month, total cost 100%; cards 3%/month", status="G", source="BSP Circulars 1133 (2021), 1165 (2023)"),
        "contact_frequency": Fact(value=None, status="S", source="SEC MC 18 s.2019 via elegal.ph (read)", note="contacting people in the borrower's phone list is unfair even with consent (except guarantors)"),
        "cooling_off": Fact(value="cooling-off for some products under RA 11765", status="U", source="general"),
        "data_protection": Fact(value="RA 10173", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="E-Commerce Act RA 8792", status="G", source="general"),
        "first_contact": Fact(value="true name of collector; must disclose that a debt is disputed when reporting it", status="S", source="SEC MC 18 s.2019"),
        "notice_language": Fact(value="English or Filipino", status="G", source="general"),
        "plan_limits": Fact(value=None, status="U", source="none found"),
        "retention": Fact(value=5, status="U", source="general", unit="years"),
        "sanctions": Fact(value="first offence PHP 25,000 (lending) / 50,000 (financing), up to PHP 1 million", status="S", source="bongpico.com on SEC MC 18 (read)"),
        "time_bar": Fact(value=10, status="G", source="Civil Code 1144", unit="years", note="written contract"),
    },
    advice=(
        Body(name="no free national debt-advice body known", status="U"),
    ),
    complaints=(
        Body(name="SEC (lending/financing companies)", status="G", web="sec.gov.ph"),
        Body(name="BSP Online Buddy (banks)", status="G", web="bsp.gov.ph"),
        Body(name="National Privacy Commission", status="G"),
    ),
)

SG = Pack(
    code="SG",
    name="Singapore",
    currency="SGD",
    languages=("en", "zh-Hans", "ms", "ta"),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="Debt Repayment Scheme (bankruptcy alternative)", status="G", source="general"),
        "charges": Fact(value="moneylenders: 4%/month interest, 4%/month late interest, SGD 60/month late fee, all charges capped at principal", status="G", source="Moneylenders rules"),
        "contact_frequency": Fact(value=None, status="U", source="same"),
        "contact_hours": Fact(value=None, status="U", source="Debt Collection Act 2022 (read in part)", note="no hours in the parts of the Act read; the Licensing Officer may issue codes of practice (s.16)"),
        "cooling_off": Fact(value=None, status="U", source="none found"),
        "data_protection": Fact(value="PDPA 2012", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="Electronic Transactions Act 2010", status="G", source="general"),
        "first_contact": Fact(value="licensed business and approved collectors only; Act in force 1 Dec 2023", status="V", source="Debt Collection Act 2022; S 724/2023 (read)"),
        "notice_language": Fact(value="en", status="G", source="general"),
        "plan_limits": Fact(value="DRS up to 5 years", status="G", source="general"),
        "retention": Fact(value=5, status="U", source="general", unit="years"),
        "time_bar": Fact(value=6, status="S", source="Limitation Act (trade article read)", unit="years"),
    },
    advice=(
        Body(name="Credit Counselling Singapore", status="V", web="ccs.org.sg", note="counselling fee SGD 30 (page read): not fully free"),
    ),
    complaints=(
        Body(name="FIDReC", status="G", web="fidrec.com.sg"),
        Body(name="Police Licensing (debt collection)", status="G"),
    ),
)

PACKS = (TH, VN, ID, MY, PH, SG)
