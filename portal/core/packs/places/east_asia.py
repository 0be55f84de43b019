"""China, Hong Kong, Taiwan."""

# ruff: noqa: E501 - a fact of law stays on its line
# fmt: off
from datetime import time

from portal.core.packs.model import Body, ContactHours, Fact, Pack

CN = Pack(
    code="CN",
    name="China (mainland)",
    currency="CNY",
    languages=("zh-Hans",),
    contact_hours=ContactHours(mon_fri=(time(8), time(22)), sat=(time(8), time(22)), sun=(time(8), time(22)), holiday=(time(8), time(22)), status="G", source="GB/T 45251-2025 (clause figures not read)"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="no national personal insolvency; Shenzhen pilot since 2021", status="G", source="general"),
        "charges": Fact(value="private lending cap 4 x one-year LPR; regulators press 24% all-in for consumer lenders", status="G", source="SPC private lending interpretation (2020)"),
        "contact_frequency": Fact(value=None, status="U", source="same", note="not frequent; daily cap not confirmed"),
        "cooling_off": Fact(value=None, status="U", source="none found"),
        "data_protection": Fact(value="PIPL (separate consent, cross-border transfer rules), CSL, DSL", status="G", source="PIPL 2021"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="reliable e-signature: exclusive to signer, under sole control, changes detectable", status="S", source="Electronic Signature Law art. 13 (as summarised by GlobalSign, read)"),
        "first_contact": Fact(value="identify collector and principal; no contact with unrelated third parties", status="G", source="same"),
        "notice_language": Fact(value="zh-Hans; minority languages in autonomous areas", status="G", source="general"),
        "plan_limits": Fact(value=5, status="G", source="Commercial Bank Credit Card Business Measures art. 70", unit="years", note="credit cards: personalised instalment agreement up to 5 years for those unable but willing to pay"),
        "retention": Fact(value=None, status="U", source="none found"),
        "time_bar": Fact(value=3, status="G", source="Civil Code art. 188", unit="years"),
    },
    advice=(
        Body(name="no free nationwide debt-advice body known; show lender hardship line and 12345", status="U", phone="12345"),
    ),
    complaints=(
        Body(name="Banking and insurance consumer hotline", status="G", phone="12378"),
    ),
)

HK = Pack(
    code="HK",
    name="Hong Kong SAR",
    currency="HKD",
    languages=("zh-Hant", "en"),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="IVA interim order; bankruptcy: banks must stop collection", status="S", source="IFLR on revised Code (read)"),
        "charges": Fact(value="money lenders: ceiling 48% p.a. since 30 Dec 2022 (was 60%: LegCo page read); extortionate presumption 36%", status="G", source="Money Lenders Ordinance Cap. 163 ss.24-25"),
        "contact_frequency": Fact(value=None, status="S", source="Code of Banking Practice, summarised by IFEC (read)", note="no harassment or humiliation"),
        "contact_hours": Fact(value=None, status="U", source="none found"),
        "cooling_off": Fact(value=None, status="U", source="none found"),
        "data_protection": Fact(value="PDPO Cap. 486", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="Electronic Transactions Ordinance Cap. 553", status="G", source="general"),
        "first_contact": Fact(value="bank must give advance written notice before using a collection agency: overdue amount, length of default, costs to be added, bank's recovery-unit contact, what to do about illegal tactics", status="S", source="Code of Banking Practice via ifec.org.hk (read)"),
        "notice_language": Fact(value="Chinese and English", status="G", source="general"),
        "plan_limits": Fact(value=None, status="U", source="none found"),
        "retention": Fact(value=7, status="U", source="general", unit="years", note="business records"),
        "time_bar": Fact(value=6, status="G", source="Limitation Ordinance Cap. 347", unit="years"),
    },
    advice=(
        Body(name="Caritas Family Crisis / Tung Wah budgeting and debt counselling", status="G"),
        Body(name="IFEC", status="S", web="ifec.org.hk"),
    ),
    complaints=(
        Body(name="HKMA", status="S", web="hkma.gov.hk"),
        Body(name="Registrar of Money Lenders / Police", status="S"),
    ),
)

TW = Pack(
    code="TW",
    name="Taiwan",
    currency="TWD",
    languages=("zh-Hant",),
    contact_hours=ContactHours(mon_fri=(time(7), time(22)), sat=(time(7), time(22)), sun=(time(7), time(22)), holiday=(time(7), time(22)), status="G", source="bankers' association outsourcing standards (general knowledge)"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="pre-negotiation with the largest bank creditor (前置協商), rehabilitation (更生), liquidation (清算)", status="S", source="law-firm article (read); Consumer Debt Clearance Act"),
        "charges": Fact(value="16% p.a. general cap; 15% credit/cash cards", status="G", source="Civil Code 205; Banking Act 47-1"),
        "contact_frequency": Fact(value=None, status="S", source="law.banking.gov.tw (read)", note="no harassment, threats, misleading or privacy harm; only debtor and guarantor may be approached; calls recorded and kept at least 6 months (2005 cash-card rules, superseded text)"),
        "cooling_off": Fact(value=None, status="U", source="none found"),
        "data_protection": Fact(value="Personal Data Protection Act", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="Electronic Signatures Act (amended 2024)", status="G", source="general"),
        "first_contact": Fact(value="visiting collectors show authorisation and identity; on sale of debt written notice naming assignee, amount, complaint phone", status="S", source="FSC rules as read (2005 text) and law-firm article 2025"),
        "notice_language": Fact(value="zh-Hant", status="G", source="general"),
        "plan_limits": Fact(value="bank pre-negotiation plans commonly up to 180 monthly instalments", status="U", source="general"),
        "retention": Fact(value=None, status="U", source="none found"),
        "time_bar": Fact(value="principal: 15, interest: 5", status="G", source="Civil Code 125, 126", unit="years"),
    },
    advice=(
        Body(name="Legal Aid Foundation", status="G", phone="412-8518", web="laf.org.tw"),
    ),
    complaints=(
        Body(name="Financial Ombudsman Institution", status="G", phone="0800-789-885", web="foi.org.tw"),
        Body(name="FSC", status="G", phone="1998"),
    ),
)

PACKS = (CN, HK, TW)
