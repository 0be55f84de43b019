"""United States, Brazil, Mexico."""

# ruff: noqa: E501 - a fact of law stays on its line
# fmt: off
from datetime import time

from portal.core.packs.model import Body, ContactHours, Fact, Pack

US = Pack(
    code="US",
    name="United States (federal)",
    currency="USD",
    languages=("en", "es"),
    contact_hours=ContactHours(mon_fri=(time(8), time(21)), sat=(time(8), time(21)), sun=(time(8), time(21)), holiday=(time(8), time(21)), status="S", source="12 CFR 1006.6(b)(1); summary at legalclarity.org and Cal. Civ. Code 1812.700 notice text"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="none general; bankruptcy automatic stay 11 USC 362; SCRA protections for servicemembers (6% cap on pre-service debt)", status="G", source="11 USC 362; 50 USC 3937"),
        "charges": Fact(value="state usury and fee law; Military Lending Act 36% MAPR; convenience fees only if expressly authorised", status="G", source="12 CFR 1006.22(b); 10 USC 987"),
        "contact_frequency": Fact(value="phone: presumed violation above 7 calls in 7 days per debt, or within 7 days after a conversation; texts/e-mail have no number but may not harass", status="V", source="12 CFR 1006.14(b)(2) (read in an eCFR copy)"),
        "cooling_off": Fact(value=None, status="G", source="no federal right for payment arrangements"),
        "data_protection": Fact(value="GLBA privacy/safeguards, FCRA, TCPA (consent for autodialled texts), state laws", status="G", source="general"),
        "dispute_window": Fact(value=30, status="S", source="12 CFR 1006.34(b)(5), 1006.38; summary legalclarity.org (30 days)", unit="days", note="from receipt; receipt may be assumed 5 days after sending, not counting weekends and public holidays; on written dispute stop collecting until verified"),
        "esign": Fact(value="ESIGN consumer consent (hardware/software statement, right to paper, withdrawal, reasonable demonstration of access); default/acceleration notices under a credit agreement for an individual's primary residence are excluded", status="G", source="15 USC 7001(c), 7003; UETA"),
        "first_contact": Fact(value="validation information in the first communication or within 5 days of it: collector and creditor names, itemisation from an itemisation date, current amount, end of validation period, how to dispute, how to ask for the original creditor; debt-collector statement", status="V", source="12 CFR 1006.34(a)(1),(b) (read in casetext copy); 1006.34(c), 1006.18(e)", note="timing read in the rule text (V); the content list is from the CFPB sample notice for the proposed rule and general knowledge (S): check 1006.34(c) before use"),
        "notice_language": Fact(value="English; Spanish validation notice on request where the Spanish option is offered", status="G", source="12 CFR 1006.34(d)(3)(vi),(e)"),
        "opt_out": Fact(value="every e-mail/text must carry a clear opt-out; honour per medium", status="S", source="12 CFR 1006.6(e), 1006.14(h)"),
        "plan_limits": Fact(value="no federal term cap; debt collector may take only amounts authorised by the agreement or by law", status="G", source="12 CFR 1006.22(b)"),
        "recurring_payment": Fact(value="written/authenticated authorisation for preauthorised electronic transfers, copy to consumer, notice 10 days before a varying amount, stop-payment 3 business days before", status="G", source="12 CFR 1005.10(b)-(d)"),
        "retention": Fact(value=3, status="G", source="12 CFR 1006.100", unit="years", note="after last collection activity; call recordings 3 years after the call"),
        "time_bar": Fact(value="state law, mostly 3-6 years (range 3-10); suing or threatening to sue on a time-barred debt prohibited", status="S", source="12 CFR 1006.26(b)"),
    },
    advice=(
        Body(name="National Foundation for Credit Counseling", status="G", phone="1-800-388-2227", web="nfcc.org"),
        Body(name="Financial Counseling Association of America", status="G", web="fcaa.org"),
        Body(name="988 Suicide and Crisis Lifeline", status="G", phone="988"),
    ),
    complaints=(
        Body(name="Consumer Financial Protection Bureau", status="G", phone="855-411-2372", web="consumerfinance.gov/complaint"),
        Body(name="State attorney general", status="G"),
    ),
    regions={
        "CA": {
            "scope": Fact(value="Rosenthal Act also binds original creditors (with exceptions from the FDCPA first-notice duties)", status="S", source="Cal. Civ. Code 1788.2(c), 1788.17 as explained by nolo.com"),
            "notice": Fact(value="fixed consumer notice on collection letters (8 a.m.-9 p.m., no threats, FTC contact)", status="S", source="Cal. Civ. Code 1812.700 as quoted by a law blog"),
            "notice_language": Fact(value="if negotiated primarily in Spanish, Chinese, Tagalog, Vietnamese or Korean: translated contract before signing", status="S", source="Cal. Civ. Code 1632 as described in SB 960 (2020) digest"),
            "time_bar": Fact(value=4, status="G", source="Cal. CCP 337", unit="years", note="written contract"),
            "licence": Fact(value="DFPI debt collector licence", status="G", source="Debt Collection Licensing Act, Fin. Code 100000 ff."),
        },
        "NY": {
            "substantiation": Fact(value=60, status="V", source="23 NYCRR 1.4(b) (read)", unit="days", note="charged-off debt: written substantiation within 60 days of request and no collecting meanwhile"),
            "time_barred_notice": Fact(value="before accepting payment on a possibly time-barred debt, clear notice in the same medium incl. that payment may restart the period and that no admission is required", status="V", source="23 NYCRR 1.3(b) (read)"),
            "time_bar": Fact(value=3, status="G", source="CPLR 214-i", unit="years", note="consumer credit"),
            "nyc_digital_consent": Fact(value="NYC DCWP rule restricts e-mail/SMS without prior consent; effective date moved to 2025-10-01, amendments proposed", status="S", source="TrueAccord blog 2025-05-22"),
        },
    },
)

BR = Pack(
    code="BR",
    name="Brazil",
    currency="BRL",
    languages=("pt-BR",),
    contact_hours=None,
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "breathing_space": Fact(value="over-indebtedness law: court conciliation with all creditors", status="S", source="Lei 14.181/2021, CDC 104-A (articles read)"),
        "charges": Fact(value="late fine max 2% (art. 52 s1), late interest customarily 1%/month, pro-rata reduction on early payment (art. 52 s2)", status="G", source="CDC"),
        "contact_frequency": Fact(value=None, status="G", source="Lei 8.078/1990 art. 42", note="no ridicule, constraint or threat (CDC art. 42)"),
        "contact_hours": Fact(value=None, status="U", source="none found", note="no federal clock hours found; state laws vary; house floor applies"),
        "cooling_off": Fact(value=7, status="G", source="CDC", unit="days", note="distance contracts (art. 49)"),
        "data_protection": Fact(value="LGPD (Lei 13.709/2018)", status="G", source="general"),
        "dispute_window": Fact(value=None, status="G", source="CDC", note="overcharge paid is refunded double (art. 42 sole para.)"),
        "esign": Fact(value="MP 2.200-2/2001; Lei 14.063/2020", status="G", source="general"),
        "first_contact": Fact(value="creditor name, address, CPF/CNPJ on any collection document (CDC 42-A)", status="G", source="Lei 8.078/1990"),
        "notice_language": Fact(value="pt-BR", status="G", source="general"),
        "plan_limits": Fact(value=5, status="S", source="CDC 104-A (several legal articles read)", unit="years", note="maximum term of the repactuation plan; minimum living income preserved (G: BRL 600, Decree 11.567/2023)"),
        "retention": Fact(value=5, status="U", source="general", unit="years"),
        "time_bar": Fact(value=5, status="G", source="Codigo Civil 206 s5 I", unit="years", note="also max time in negative registers (CDC 43)"),
    },
    advice=(
        Body(name="Procon", status="G", phone="151"),
        Body(name="Defensoria Publica / superendividamento units", status="G"),
    ),
    complaints=(
        Body(name="consumidor.gov.br", status="G", web="consumidor.gov.br"),
        Body(name="Banco Central", status="G", phone="145"),
    ),
)

MX = Pack(
    code="MX",
    name="Mexico",
    currency="MXN",
    languages=("es",),
    contact_hours=ContactHours(mon_fri=(time(7), time(22)), sat=(time(7), time(22)), sun=(time(7), time(22)), holiday=(time(7), time(22)), status="S", source="CONDUSEF collection-agency provisions, DOF 7 Oct 2014 (El Financiero, IDC, SinEmbargo read)"),
    messages_per_day=None,
    messages_per_7_days=None,
    facts={
        "agreement": Fact(value="payment agreements", status="S", source="same"),
        "breathing_space": Fact(value=None, status="U", source="none found"),
        "charges": Fact(value="CAT disclosure; no general cap", status="G", source="LTOSF"),
        "contact_frequency": Fact(value=None, status="S", source="same", note="no hidden caller ID, threats, third parties, blacklists or posters, fake court papers; not with minors or older adults"),
        "cooling_off": Fact(value=None, status="U", source="none found"),
        "data_protection": Fact(value="LFPDPPP (new law 2025)", status="G", source="general"),
        "dispute_window": Fact(value=None, status="U", source="none found"),
        "esign": Fact(value="Codigo de Comercio 89 ff.; NOM-151-SCFI-2016 conservation certificate", status="G", source="general"),
        "first_contact": Fact(value="agency name and person, address, phone, responsible persons, lender, contract, amount basis", status="S", source="same (list quoted by a debtor forum, read)"),
        "notice_language": Fact(value="es (indigenous languages on request)", status="G", source="general"),
        "pay_to": Fact(value="agency may not receive payment directly: pay the lender", status="S", source="same"),
        "plan_limits": Fact(value=None, status="U", source="none found"),
        "retention": Fact(value=10, status="G", source="Codigo de Comercio 49", unit="years", note="commercial records"),
        "time_bar": Fact(value=10, status="G", source="Codigo Civil Federal 1159 / commercial 1047", unit="years"),
    },
    advice=(
        Body(name="CONDUSEF", status="G", phone="55 5340 0999", web="condusef.gob.mx"),
    ),
    complaints=(
        Body(name="REDECO complaints", status="V", web="eduweb.condusef.gob.mx/redeco", note="also files complaints and answers on line"),
    ),
)

PACKS = (US, BR, MX)
