from portal.actions.accounts.find_and_lock import find_and_lock


def test_an_account_is_found_with_its_debtor_or_not_at_all(chain, work):
    with work.begin() as tx:
        found = find_and_lock(tx, account_ref="AC-1")
        assert (found.account.account_id, found.debtor.debtor_id) == (chain.account_id, chain.debtor_id)
        assert find_and_lock(tx, account_ref="none") is None
