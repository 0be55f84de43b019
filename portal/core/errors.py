"""The exception tree of the ground floor.

Exceptions here mean "should not happen": a caller broke a promise. Expected answers are values.

    PortalError
    ├── MoneyError
    │   ├── UnknownCurrencyError
    │   └── CurrencyMismatchError
    ├── CalendarError
    ├── RateError
    ├── ScheduleError
    ├── AgreementError
    ├── AllocationError
    ├── ReplayError
    │   └── UndoError
    ├── EvidenceError
    ├── BoundsError
    ├── PlanError
    ├── NegotiationError
    ├── CaseError
    │   └── IllegalTransitionError
    ├── RiskError
    └── EventError
"""


class PortalError(Exception):
    """The portal refused because a caller broke a promise."""

    def __init__(self, message: str | None = None) -> None:
        """Keep the message; the default message is the first line of the class's docstring."""
        super().__init__(message or (type(self).__doc__ or "").partition("\n")[0])


class MoneyError(PortalError, ValueError):
    """An amount of money is not what it must be."""


class UnknownCurrencyError(MoneyError):
    """The currency code is not in ISO 4217 as this product knows it."""


class CurrencyMismatchError(MoneyError):
    """Two amounts in different currencies cannot be added or compared."""


class CalendarError(PortalError, ValueError):
    """A date rule contradicts itself or leaves the calendar."""


class RateError(PortalError, ValueError):
    """A rate or a day count is not what it must be."""


class ScheduleError(PortalError, ValueError):
    """No schedule exists for these terms."""


class AgreementError(PortalError, ValueError):
    """An agreement cannot be written as asked."""


class AllocationError(PortalError, ValueError):
    """A payment cannot be allocated by this order."""


class ReplayError(PortalError, ValueError):
    """An event does not fit the running plan it was applied to."""


class UndoError(ReplayError):
    """The change cannot be undone because something was paid since."""


class EvidenceError(PortalError, ValueError):
    """A position or size lies outside the evidence tree."""


class BoundsError(PortalError, ValueError):
    """A lender's bounds cannot be read; the message names the path."""


class PlanError(PortalError, ValueError):
    """A plan's family or terms are not what they must be."""


class NegotiationError(PortalError, ValueError):
    """The facts, the ask or the history of a case contradict each other."""


class CaseError(PortalError, ValueError):
    """A case cannot make this move from where it stands."""


class IllegalTransitionError(CaseError):
    """A state machine was asked for a move that its table does not have."""


class RiskError(PortalError, ValueError):
    """A model of repayment cannot be used or learned from these figures."""


class EventError(PortalError, ValueError):
    """An event is not in the catalog or its payload does not fit."""
