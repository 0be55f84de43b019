"""What an operation of the API is: a method, a path, the parameters it knows, and the function that does it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.simulators.stripe.forms import Params
from portal.simulators.stripe.vault import Thing, Vault

LIST_PARAMETERS = "limit starting_after ending_before created "


@dataclass(frozen=True, slots=True)
class Call:
    """One request as an operation sees it: whose account, which object, which parameters, and our own address."""

    vault: Vault
    params: Params
    base_url: str
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.ids["id"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the API. `path` is in Flask's notation."""

    method: str
    path: str
    run: Callable[[Call], Thing]
    parameters: frozenset[str]


def operation(method: str, path: str, run: Callable[[Call], Thing], parameters: str = "") -> Operation:
    return Operation(method, f"/v1/{path}", run, frozenset(parameters.split()))


def fetching(path: str, kind: str) -> Operation:
    """Make the operation that retrieves an object of a kind by its id."""

    def fetch(call: Call) -> Any:
        return call.vault.get(kind, call.id, status=404)

    return operation("GET", f"{path}/<id>", fetch)
