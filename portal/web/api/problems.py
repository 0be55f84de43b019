"""Answers for what is wrong with a request: which field, why, and what to do (RFC 9457)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response

from portal.core.imports.faults import Fault, explain
from portal.web.errors import problem


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldError:
    """One field that is wrong: its JSON pointer or the name of its parameter, a code, two sentences."""

    field: str
    reason: str
    detail: str
    fix: str

    def as_json(self) -> dict[str, str]:
        return {"field": self.field, "reason": self.reason, "detail": self.detail, "fix": self.fix}


class RefusedError(Exception):
    """Ends a request with a problem document."""

    def __init__(self, status: int, title: str, *, detail: str | None = None, **more: Any) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.more = more

    def answer(self) -> Response:
        response = problem(self.status, self.title, detail=self.detail, **self.more)
        if "retry_after" in self.more:
            response.headers["Retry-After"] = str(self.more["retry_after"])
        return response


def refuse_fields(errors: Iterable[FieldError], *, status: int = 422) -> RefusedError:
    """Make the refusal of a body or of parameters, naming every field that is wrong."""
    listed = [one.as_json() for one in errors]
    detail = "; ".join(f"{one['field']}: {one['detail']} {one['fix']}" for one in listed[:5])
    return RefusedError(status, "Some fields are not right", detail=detail, errors=listed)


def refuse_field(field: str, reason: str, detail: str, fix: str, *, status: int = 422) -> RefusedError:
    return refuse_fields([FieldError(field=field, reason=reason, detail=detail, fix=fix)], status=status)


def field_error(one: Fault, field: str) -> FieldError:
    """Make the error of a field from the fault of a row: an account by PUT is checked like one in a file."""
    detail, fix = explain(one)
    return FieldError(field=field, reason=one.reason, detail=detail, fix=fix)


NOT_FOUND = {"status": 404, "title": "There is no such thing here"}


def not_found(what: str) -> RefusedError:
    return RefusedError(404, f"There is no such {what}", detail="It does not exist, or it is not yours.")
