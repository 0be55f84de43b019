"""A stranger asks whether a paper is genuine and still stands. Nothing is kept, and nothing about anybody is told."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.evidence.files import origin_in, verify_file, verify_files
from portal.core.evidence.papers import code_of, slug_of, standing
from portal.core.evidence.verify import Check
from portal.core.letters.standing import standing_of
from portal.gateways.archives import ArchiveError, read_archive
from portal.gateways.uploads import Upload
from portal.store import directory, lenders, letters, log_keys, papers
from portal.store.papers import Paper
from portal.store.rows import known
from portal.store.work import Database, Transaction

#: Kinds of documents of which the agreement's state says whether they still stand.
_OF_AGREEMENT = frozenset({"agreement"})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What may be said: `kind` is one of `core.evidence.papers.ANSWERS`.

    `paper` is the kind of paper and `lender` the name of whose it is, where that is known. `part` is what was looked
    at: the whole file, only the text inside it, or the code alone; for an altered file, `file` when the text inside
    is still the signed one and `text` when it is not.
    """

    kind: str
    part: str = "file"
    paper: str | None = None
    lender: str | None = None
    made_at: datetime | None = None
    replaced_at: datetime | None = None


UNKNOWN = Answer(kind="unknown")


def check_code(database: Database, *, code: str, today: date) -> Answer:
    """Say what stands behind the code of a paper on a day."""
    found = _find(database, code, today)
    return UNKNOWN if found is None else _stands(found, part="code")


def check_upload(database: Database, *, upload: Upload, content: bytes, check: Check, today: date) -> Answer:
    """Say what an uploaded file is: known byte by byte, known by what is inside it, or naming a paper it is not."""
    found = _find(database, upload.digest, today)
    if found is not None:
        return _stands(found, part="file")
    if upload.kind in {"json", "zip"} and (origin := origin_in(content)) is not None:
        return _check_proof(database, content, origin, check, upload.kind)
    for digest in upload.inner:
        found = _find(database, digest, today)
        if found is not None and upload.kind == "html":
            return _stands(found, part="text")
        if found is not None:
            return _altered(found, part="file")
    for code in upload.codes:
        found = _find(database, code_of(code), today)
        if found is not None:
            return _altered(found, part="text")
    return UNKNOWN


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A paper that we know, how it stands, and the name of its lender."""

    paper: Paper
    standing: str
    lender: str


def _find(database: Database, secret: str, today: date) -> _Found | None:
    """Find a paper and the name of its lender; the directory knows the lender, row security does the rest."""
    with database.shared().read() as shared:
        entry = directory.find_entry(shared, kind=papers.KIND, secret=secret)
    if entry is None or entry.lender_id is None or entry.subject_id is None:
        return None
    with database.work(entry.lender_id).read() as tx:
        paper = papers.find_paper(tx, subject_id=entry.subject_id)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        if paper is None or lender is None:
            return None
        return _Found(paper=paper, standing=_standing(tx, paper, today), lender=lender.name)


def _standing(tx: Transaction, paper: Paper, today: date) -> str:
    if paper.letter_id is not None:
        letter = known(letters.find_letter(tx, letter_id=paper.letter_id))
        return standing_of(letters.load_fate(tx, letter=letter), today=today)
    if paper.kind in _OF_AGREEMENT and paper.agreement_state is not None:
        return standing(paper.agreement_state)
    return "genuine"


def _stands(found: _Found, *, part: str) -> Answer:
    return _answer(found, kind=found.standing, part=part)


def _altered(found: _Found, *, part: str) -> Answer:
    return _answer(found, kind="altered", part=part)


def _answer(found: _Found, *, kind: str, part: str) -> Answer:
    return Answer(
        kind=kind,
        part=part,
        paper=found.paper.kind,
        lender=found.lender,
        made_at=found.paper.made_at,
        replaced_at=found.paper.replaced_at if kind == "superseded" else None,
    )


def _check_proof(database: Database, content: bytes, origin: str, check: Check, kind: str) -> Answer:
    """Check a proof with the keys of the lender whose log it names, never with its own."""
    with database.shared().read() as shared:
        lender = lenders.find_lender(shared, slug=slug_of(origin))
    if lender is None:
        return UNKNOWN
    with database.work(lender.lender_id).read() as tx:
        keys = log_keys.list_public_keys(tx)
    if kind == "json":
        is_genuine = verify_file(content, check=check, trusted=keys).is_genuine
        return Answer(kind="genuine" if is_genuine else "altered", paper="proof", lender=lender.name)
    try:
        is_genuine = verify_files(read_archive(content), check=check, trusted=keys).is_genuine
    except ArchiveError:
        is_genuine = False
    return Answer(kind="genuine" if is_genuine else "altered", paper="evidence_pack", lender=lender.name)
