"""Errors in the shape in which Stripe sends them."""

from typing import Any


class ApiError(Exception):
    """One refused request. `is_validation` errors are not kept for an idempotency key, as with Stripe."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        is_validation: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.is_validation = is_validation
        self.error = {"message": message, "type": kind, **more}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.error["param"] = param

    def body(self, request_id: str) -> dict[str, Any]:
        return {"error": {**self.error, "request_log_url": f"/_control/requests/{request_id}"}}


def missing(param: str) -> ApiError:
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown_parameters(names: list[str]) -> ApiError:
    plural = "s" if len(names) > 1 else ""
    text = f"Received unknown parameter{plural}: {', '.join(names)}"
    return ApiError(text, code="parameter_unknown", param=names[0])


def no_such(what: str, identifier: str, *, param: str = "id", status: int = 400) -> ApiError:
    text = f"No such {what}: '{identifier}'"
    return ApiError(text, status=status, code="resource_missing", param=param)


def wrong_state(message: str, code: str, **more: Any) -> ApiError:
    """An error of the object's state: the request was understood and run, so its answer is kept."""
    return ApiError(message, code=code, is_validation=False, **more)


def card_error(message: str, code: str, *, decline_code: str | None = None, **more: Any) -> ApiError:
    extra = {"decline_code": decline_code} if decline_code else {}
    return ApiError(message, status=402, kind="card_error", code=code, is_validation=False, **extra, **more)
