"""What has just been done, in words: a page that follows an act says it once, by the code in its address."""

from portal.web.language import lazy_gettext as _l

_TOLD = {
    "saved": _l("Saved."),
    "key-revoked": _l("Revoked. The key opens nothing any more."),
    "import-undone": _l("Taken back. The accounts that it made are gone."),
    "answered-waits": _l("Sent for approval. The debtor sees that it waits, and hears when it is decided."),
    "offer-approved": _l(
        "Approved. The debtor can sign it now and is told as soon as the rules of contact allow it."
    ),
    "offer-declined": _l("Declined. The case waits for a person again, and the debtor is told."),
    "refund-asked": _l("Sent for approval. Somebody else decides."),
    "refund-approved": _l("Approved. The money goes back the way it came."),
    "refund-declined": _l("Declined. Nothing goes back."),
    "step-asked": _l("Sent for approval. Somebody else decides."),
    "step-approved": _l("Approved. It is booked, or goes back the way it came."),
    "step-declined": _l("Declined. It stays where it is."),
    "same": _l("Nothing was different."),
    "link-sent": _l("The message is on its way."),
    "link-queued": _l("The message waits until the rules of contact allow it."),
    "link-suppressed": _l("The rules of contact do not allow a message. Nothing was sent."),
    "link-no_number": _l("There is no phone number. Nothing was sent."),
    "link-failed": _l("The carrier did not take the message."),
    "link-unknown": _l("The carrier has not answered yet. The message is asked about again."),
    "held": _l("Held. Messages about this account stop now."),
    "there_already": _l("It was so already."),
    "released": _l("Released."),
    "re_age_undone": _l("The account counts as late again. The case system is told."),
    "re_age_paid": _l("Something was paid since, so the account stays up to date."),
    "re_age_none": _l("Nothing was there to take back any more."),
    "nothing_held": _l("There was no such hold any more."),
    "recalled": _l("Recalled. The debtor sees a neutral page."),
    "adjusted": _l("Adjusted. The case system is told."),
    "revealed": _l("Personal data is open to you for ten minutes. Your reason is kept."),
    "draft-started": _l("A draft was started."),
    "draft-saved": _l("The draft is saved. It binds nobody yet."),
    "draft-discarded": _l("The draft was put away."),
    "approval-requested": _l("Sent for approval. The version does not change any more."),
    "approved": _l("Approved. It can be put into force now."),
    "declined": _l("Sent back. It is a draft again."),
    "taken-back": _l("Taken back. It is a draft again."),
    "activated": _l("In force. Cases that are open keep their version until their lock ends."),
    "answered": _l("Answered. The debtor is told as soon as the rules of contact allow it."),
    "answered-late": _l("Answered after the promised time. The case system is told so."),
    "answered-quietly": _l("Closed. No message goes out."),
    "reviewed": _l("You took it up. The case system is told."),
    "tested": _l("A test event is on its way."),
    "replayed": _l("They are sent again with the same ids. Nothing is doubled at your side if you keep ids."),
    "replay-nothing": _l("There was nothing to send again: all of it is on its way already."),
    "switched-on": _l("Deliveries flow again. What was waiting goes out now."),
    "switched-off": _l("Deliveries stopped. Events keep waiting."),
    "password-changed": _l("Your password is changed. Other visits of yours ended."),
    "letter-issued": _l("Issued. The debtor finds it among the papers; its PDF is being made."),
    "letter-not_yet": _l("Not yet: the money is not final, or nothing of this kind has happened."),
    "letter-nothing_owed": _l("Nothing is left to pay, so there is nothing to quote."),
    "letter-not_here": _l("The law asks for no such letter here."),
    "letter-not_this": _l(
        "The other closing letter fits: paid in full where nothing was forgiven, else the settlement."
    ),
    "letter-incomplete": _l("The letterhead is not complete. A supervisor or an owner can fill it in."),
    "letter-unknown": _l("There is no such payment on this account."),
    "letter-closed": _l("A letter names the person. Open the person first, with your reason."),
    "staff-changed": _l("Changed. They have to sign in again."),
}


def told_words(code: str) -> str:
    """Give the words of a code; empty for an unknown one."""
    words = _TOLD.get(code)
    return str(words) if words else ""
