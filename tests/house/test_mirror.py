"""Each module of `core` and `actions` is named by a test: a file of its name, or an import where it is tried."""

from functools import cache

from tests.house.tree import ROOT, Source, sources

#: Modules that are tried through another door, with the test that goes through it.
THROUGH = {
    **{
        f"portal.core.imports.wording.{language}": "tests/core/imports/test_languages.py"
        for language in ("ar", "en", "es", "th", "zh_hans")
    },
    "portal.actions.accounts.tell_balance": "tests/actions/accounts/test_change_accounts.py",
    "portal.actions.cases.hand_over": "tests/actions/accounts/test_meet_live_plan.py",
    "portal.core.packs.limits": "tests/core/packs/test_rules.py",
    "portal.core.packs.places.americas": "tests/core/packs/test_places.py",
    "portal.core.packs.places.east_asia": "tests/core/packs/test_places.py",
    "portal.core.packs.places.europe": "tests/core/packs/test_places.py",
    "portal.core.packs.places.south": "tests/core/packs/test_places.py",
    "portal.core.packs.places.southeast_asia": "tests/core/packs/test_places.py",
    "portal.core.events.nouns.access": "tests/core/events/test_catalog.py",
    "portal.core.events.nouns.agreements": "tests/core/events/test_catalog.py",
    "portal.core.events.nouns.house": "tests/core/events/test_catalog.py",
    "portal.core.payment_notices": "tests/gateways/test_stripe_notices.py",
    "portal.core.plans.telling": "tests/web/debtor/test_plans.py",
    "portal.actions.evidence.check_paper": "tests/web/public/test_check.py",
    "portal.actions.cases.keep_offers": "tests/web/debtor/test_plans.py",
    "portal.actions.cases.show_offers": "tests/web/debtor/test_plans.py",
    "portal.actions.cases.record_budget": "tests/web/debtor/test_plans.py",
    "portal.core.evidence.stamped": "tests/actions/evidence/test_stamp_head.py",
    "portal.actions.cases.ask_approval": "tests/actions/cases/test_decide_offer.py",
    "portal.actions.agreements.bind_agreement": "tests/actions/agreements/test_sign_agreement.py",
    "portal.actions.amendments.amended_terms": "tests/actions/amendments/test_propose_change.py",
    "portal.actions.amendments.replace_version": "tests/actions/amendments/test_propose_change.py",
    "portal.actions.amendments.running_plan": "tests/actions/amendments/test_propose_change.py",
    "portal.actions.life.carry_over": "tests/actions/amendments/test_propose_change.py",
    "portal.actions.agreements.store_copy": "tests/jobs/test_documents.py",
    "portal.actions.agreements.seal_paper": "tests/jobs/test_documents.py",
    "portal.actions.lenders.change_letterhead": "tests/web/lender/test_letters.py",
    "portal.actions.life.complete_agreement": "tests/actions/payments/test_record_payment.py",
    "portal.actions.payments.close_pages": "tests/actions/payments/test_one_charge.py",
    "portal.actions.payments.follow_story": "tests/actions/payments/test_any_order.py",
    "portal.actions.payments.place_money": "tests/actions/payments/test_any_order.py",
    "portal.actions.payments.reverse_payment": "tests/actions/payments/test_any_order.py",
    "portal.actions.payments.settle_debit": "tests/actions/mandates/test_mandates.py",
    "portal.actions.payments.settle_payment": "tests/actions/payments/test_record_payment.py",
    "portal.actions.payments.telling": "tests/actions/payments/test_record_payment.py",
}


@cache
def tried():
    return sources("tests/")


def unnamed(named, looked_at):
    names = {source.name.rpartition(".")[2] for source in looked_at}
    words = "\n".join(source.text for source in looked_at)
    return [module for module in named if not _is_named(module, names, words)]


def _is_named(module, names, words):
    folder, _, leaf = module.rpartition(".")
    imports = (f"from {module} import", f"import {module}", f"from {folder} import {leaf}")
    if f"test_{leaf}" in names or any(one in words for one in imports):
        return True
    return any(
        line.startswith(f"from {folder} import") and leaf in line.replace(",", " ").split()
        for line in words.splitlines()
    )


def modules():
    return [
        source.name
        for top in ("portal/core/", "portal/actions/")
        for source in sources(top)
        if not source.name.endswith("__init__")
    ]


def test_each_module_is_named_by_a_test():
    assert [name for name in unnamed(modules(), tried()) if name not in THROUGH] == []


def test_the_doors_are_there():
    assert sorted({path for path in THROUGH.values() if not (ROOT / path).exists()}) == []
    assert sorted(set(THROUGH) - set(modules())) == []


def test_a_module_without_a_test_is_found():
    planted = [Source("tests.core.test_money", "from portal.core import money, rates\n")]
    assert unnamed(["portal.core.money", "portal.core.rates", "portal.core.apr"], planted) == [
        "portal.core.apr"
    ]
