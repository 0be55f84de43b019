"""A stored paper as a file to keep, byte for byte."""

from flask import Response, make_response

from portal.store import documents
from portal.store.documents import Document
from portal.store.work import Transaction

SUFFIXES = {"application/zip": "zip", "application/pdf": "pdf", "application/json": "json"}


def paper_file(tx: Transaction, document: Document) -> Response:
    """Answer with a stored document under a name that tells its kind and nothing about anybody."""
    response = make_response(documents.load_content(tx, document_id=document.document_id))
    response.mimetype = document.media_type
    suffix = SUFFIXES.get(document.media_type, "bin")
    name = f"{document.kind}-{document.document_ref[-8:]}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
