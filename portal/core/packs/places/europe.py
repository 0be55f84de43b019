"""United Kingdom, Germany, France, Spain, and the layer that the Union shares."""

# ruff: noqa: E501 - a fact of law stays on its line
# fmt: off
from portal.core.packs.model import Body, Fact, Pack

GB = Pack(
    code="GB",
    name="United Kingdom",
    currency="GBP",
    languages=("en", "cy"),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "adviser_hold": Fact(value=30, status="G", source="CONC 7.3.11-7.3.12", unit="days", note="if the customer says an adviser is helping with a plan, suspend recovery for a reasonable period"),
        "breathing_space": Fact(value=60, status="S", source="SI 2020/1311; regs contents read at legislation.gov.uk, effect in Government guidance as reported by PATROL and law firms", unit="days", note="via a debt adviser; interest, fees, enforcement and contact stop; once in 12 months; mental-health crisis version = treatment + 30 days. England and Wales; Scotland has its own moratorium (G: 6 months)"),
        "charges": Fact(value="high-cost short-term credit: 0.8%/day, default fees max GBP 15, total cost max 100% of loan", status="G", source="CONC 5A"),
        "contact_frequency": Fact(value=None, status="V", source="FCA CONC 7.9 (read)", note="no number; no undue pressure; must not cause public embarrassment or let third parties learn of the debt"),
        "contact_hours": Fact(value=None, status="V", source="FCA CONC 7.9 (read via handbook.fca.org.uk)", note="no clock hours in law: must not contact at unreasonable times; pay due regard to reasonable requests (e.g. shift work)"),
        "cooling_off": Fact(value=14, status="G", source="CCA 1974", unit="days", note="new regulated credit agreements only (CCA s.66A); an informal arrangement to pay is not one. Restructuring may be a modifying agreement (s.82): send for legal check"),
        "data_protection": Fact(value="UK GDPR, DPA 2018, PECR for messages", status="G", source="general"),
        "dispute_window": Fact(value=None, status="G", source="CONC 7.14", note="any time; suspend recovery when a debt is disputed on grounds that look valid and investigate"),
        "esign": Fact(value="electronic signatures admissible; regulated credit form rules apply separately", status="G", source="Electronic Communications Act 2000 s.7; UK eIDAS"),
        "first_contact": Fact(value="notice of sums in arrears / default notices with FCA information sheet for regulated credit; notice of assignment; name the firm and purpose", status="G", source="CCA 1974 ss.86B-88; CONC 7"),
        "forbearance": Fact(value="treat customers in arrears with forbearance and due consideration; refusing reasonable affordable offers is likely a breach; no pressure to pay in one or few large sums, in unreasonably short time, or by borrowing/selling home", status="V", source="CONC 7.3.4-7.3.5, 7.3.10 (read)"),
        "notice_language": Fact(value="English (Welsh on offer in Wales)", status="G", source="general"),
        "plan_limits": Fact(value=None, status="G", source="general"),
        "recurring_payment": Fact(value="continuous payment authority limits and easy cancellation", status="G", source="CONC 7.6 (chapter seen; details G)"),
        "retention": Fact(value=6, status="U", source="general", unit="years", note="customary (limitation)"),
        "time_bar": Fact(value="england_wales_ni: 6, scotland: 5", status="G", source="Limitation Act 1980 s.5; Prescription and Limitation (Scotland) Act 1973", unit="years", note="Scotland: debt is extinguished; E&W: not enforceable in court (CONC 7.15)"),
    },
    advice=(
        Body(name="StepChange Debt Charity", status="G", phone="0800 138 1111", web="stepchange.org"),
        Body(name="National Debtline", status="G", phone="0808 808 4000", web="nationaldebtline.org"),
        Body(name="MoneyHelper debt advice locator", status="G", web="moneyhelper.org.uk"),
        Body(name="Citizens Advice", status="G", web="citizensadvice.org.uk"),
    ),
    complaints=(
        Body(name="Financial Ombudsman Service", status="G", phone="0800 023 4567", web="financial-ombudsman.org.uk", note="final response within 8 weeks (DISP 1.6)"),
    ),
)

EU = Pack(
    code="EU",
    name="European Union (generic layer)",
    currency="EUR",
    languages=("en",),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="national", status="G", source="Directive (EU) 2023/2225 arts 35-36 (article numbers G)", note="CCD2: forbearance before enforcement and access to debt advice; applies from 20 Nov 2026 (date read at regulationtomorrow.com)"),
        "charges": Fact(value="default charges limited to costs actually caused; Member States must have measures against excessive rates", status="G", source="Directive (EU) 2023/2225"),
        "contact_frequency": Fact(value=None, status="G", source="Directive 2005/29/EC", note="aggressive practices banned (UCPD 2005/29 arts 8-9)"),
        "contact_hours": Fact(value=None, status="G", source="general", note="national law"),
        "cooling_off": Fact(value=14, status="G", source="Directive (EU) 2023/2225 art. 26 (article number not confirmed in text read)", unit="days", note="new consumer credit agreements"),
        "data_protection": Fact(value="GDPR (arts 6, 9, 22 on solely automated decisions), ePrivacy; AI Act for creditworthiness scoring", status="G", source="Regulation (EU) 2016/679; 2024/1689"),
        "dispute_window": Fact(value=None, status="U", source="national law"),
        "esign": Fact(value="simple e-signature cannot be refused only for being electronic; qualified = handwritten", status="G", source="Regulation (EU) 910/2014 art. 25"),
        "first_contact": Fact(value="for transferred bank NPLs the purchaser/servicer must give information at the first debt-collection communication and whenever asked", status="G", source="Directive (EU) 2021/2167 art. 10; transposition due 29 Dec 2023 (DLA Piper guide, read)"),
        "notice_language": Fact(value="official language(s) of the Member State where the debtor lives", status="G", source="general"),
        "plan_limits": Fact(value="national", status="G", source="general"),
        "retention": Fact(value="national", status="U", source="general"),
        "time_bar": Fact(value="national", status="G", source="general"),
    },
    advice=(
        Body(name="national debt-advice network (CCD2 duty)", status="G"),
    ),
    complaints=(
        Body(name="national ADR / FIN-NET member", status="G", web="ec.europa.eu FIN-NET"),
    ),
)

DE = Pack(
    code="DE",
    name="Germany",
    currency="EUR",
    languages=("de",),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="national", status="G", source="Directive (EU) 2023/2225 arts 35-36 (article numbers G)", note="CCD2: forbearance before enforcement and access to debt advice; applies from 20 Nov 2026 (date read at regulationtomorrow.com)"),
        "charges": Fact(value="default interest: base rate + 5 points (consumers)", status="G", source="BGB 288"),
        "cooling_off": Fact(value=14, status="G", source="BGB", unit="days", note="paid deferral may count as consumer credit with withdrawal right (BGB 506, 495)"),
        "data_protection": Fact(value="GDPR (arts 6, 9, 22 on solely automated decisions), ePrivacy; AI Act for creditworthiness scoring", status="G", source="Regulation (EU) 2016/679; 2024/1689"),
        "dispute_window": Fact(value=None, status="U", source="national law"),
        "esign": Fact(value="simple e-signature cannot be refused only for being electronic; qualified = handwritten", status="G", source="Regulation (EU) 910/2014 art. 25"),
        "first_contact": Fact(value="text form, clear: client name and address, ground of claim with contract subject and date, interest calculation, reason for above-statutory rate, type/amount/cause of collection costs, how the address was found, supervisory authority", status="V", source="RDG 13a(1) (read at dejure.org/haufe.de)"),
        "notice_language": Fact(value="official language(s) of the Member State where the debtor lives", status="G", source="general"),
        "plan_limits": Fact(value="national", status="G", source="general"),
        "plan_notice": Fact(value="before a deferral or instalment agreement: tell the person in text form what it will cost; before asking for an acknowledgement of debt: warn in text form that defences are usually lost", status="V", source="BRAO 43d(3)-(4) (read; lawyers); RDG 13a(3)-(4) parallel (G)"),
        "retention": Fact(value="national", status="U", source="general"),
        "time_bar": Fact(value=3, status="G", source="BGB 195, 199", unit="years", note="from end of the year"),
    },
    advice=(
        Body(name="Schuldnerberatung (Caritas", status="G", web="meine-schulden.de"),
    ),
    complaints=(
        Body(name="national ADR / FIN-NET member", status="G", web="ec.europa.eu FIN-NET"),
    ),
)

FR = Pack(
    code="FR",
    name="France",
    currency="EUR",
    languages=("fr",),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="Banque de France commission: enforcement suspended once the file is admissible", status="G", source="Code de la consommation L722-2"),
        "charges": Fact(value="collection costs without enforcement title stay with the creditor", status="V", source="CPCE L111-8 as referred to in R124-4 (read)"),
        "cooling_off": Fact(value=14, status="G", source="Directive (EU) 2023/2225 art. 26 (article number not confirmed in text read)", unit="days", note="new consumer credit agreements"),
        "data_protection": Fact(value="GDPR (arts 6, 9, 22 on solely automated decisions), ePrivacy; AI Act for creditworthiness scoring", status="G", source="Regulation (EU) 2016/679; 2024/1689"),
        "dispute_window": Fact(value=None, status="U", source="national law"),
        "esign": Fact(value="simple e-signature cannot be refused only for being electronic; qualified = handwritten", status="G", source="Regulation (EU) 910/2014 art. 25"),
        "first_contact": Fact(value="letter with collector name/address and that it collects amicably, creditor name/address, basis and split of principal/interest/other, demand and how to pay, reproduction of L111-8 para 2-3; letter reference repeated at each later step", status="V", source="CPCE R124-4 (read)"),
        "notice_language": Fact(value="official language(s) of the Member State where the debtor lives", status="G", source="general"),
        "plan_limits": Fact(value=7, status="G", source="Code de la consommation L733-1", unit="years", note="over-indebtedness commission measures"),
        "retention": Fact(value="national", status="U", source="general"),
        "time_bar": Fact(value=2, status="G", source="Code de la consommation L218-2", unit="years", note="professional against consumer"),
    },
    advice=(
        Body(name="Banque de France", status="G", phone="34 14", web="banque-france.fr"),
        Body(name="Points conseil budget", status="G"),
    ),
    complaints=(
        Body(name="SignalConso", status="G", web="signal.conso.gouv.fr"),
    ),
)

ES = Pack(
    code="ES",
    name="Spain",
    currency="EUR",
    languages=("es",),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="second-chance insolvency (TRLC)", status="G", source="RDL 1/2020"),
        "charges": Fact(value="usury: Ley de 23 de julio de 1908", status="G", source="general"),
        "cooling_off": Fact(value=14, status="G", source="Directive (EU) 2023/2225 art. 26 (article number not confirmed in text read)", unit="days", note="new consumer credit agreements"),
        "data_protection": Fact(value="GDPR (arts 6, 9, 22 on solely automated decisions), ePrivacy; AI Act for creditworthiness scoring", status="G", source="Regulation (EU) 2016/679; 2024/1689"),
        "dispute_window": Fact(value=None, status="U", source="national law"),
        "esign": Fact(value="simple e-signature cannot be refused only for being electronic; qualified = handwritten", status="G", source="Regulation (EU) 910/2014 art. 25"),
        "first_contact": Fact(value="no dedicated collection statute known; data-protection and consumer law apply; AEPD on credit files", status="U", source="general"),
        "notice_language": Fact(value="official language(s) of the Member State where the debtor lives", status="G", source="general"),
        "plan_limits": Fact(value="national", status="G", source="general"),
        "retention": Fact(value="national", status="U", source="general"),
        "time_bar": Fact(value=5, status="G", source="Codigo Civil 1964", unit="years"),
    },
    advice=(
        Body(name="consumer offices (OMIC)", status="G"),
    ),
    complaints=(
        Body(name="Banco de Espana complaints service", status="G", web="bde.es"),
    ),
)

PACKS = (GB, EU, DE, FR, ES)
