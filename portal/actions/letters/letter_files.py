"""The letters of an account as files of an evidence pack: data, text, and the sealed PDF where it was made."""

from uuid import UUID

from portal.store import documents, letters
from portal.store.work import Transaction

SHOWN_MAX = 1_000


def letter_files(tx: Transaction, *, account_id: UUID, folder: str) -> dict[str, bytes]:
    """Return every letter of an account by its path below `folder`."""
    files: dict[str, bytes] = {}
    for letter in letters.list_letters(tx, account_id=account_id, limit=SHOWN_MAX):
        place = f"{folder}/letters/{letter.letter_ref}"
        content, html = letters.load_words(tx, letter_id=letter.letter_id)
        files |= {f"{place}/letter.json": content.encode(), f"{place}/letter.html": html.encode()}
        for name, document_id in (("copy.pdf", letter.document_id), ("copy-seal.json", letter.seal_id)):
            if document_id is not None:
                files[f"{place}/{name}"] = documents.load_content(tx, document_id=document_id)
    return files
