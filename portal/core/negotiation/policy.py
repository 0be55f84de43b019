"""The policy set: which plans the lender agrees to at the present stage, and those of them that are shown.

A pure function of facts, bounds version and date. Nothing a debtor asks for changes it.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.core.calendar import Frequency
from portal.core.negotiation.board import Board, Entry, Rows
from portal.core.negotiation.boards import board_of
from portal.core.negotiation.columns import Reach
from portal.core.negotiation.context import Case, frame_of
from portal.core.negotiation.evaluate import BP_TO_MICRO
from portal.core.negotiation.grids import RATE_STEP, Key, waiver_max
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.pareto import allowed, opened
from portal.core.negotiation.sheet import sheet_of
from portal.core.plans.canonical import digest
from portal.core.plans.frame import Frame


@dataclass(frozen=True, slots=True, eq=False)
class PolicySet:
    """P at the present stage for one slice (rhythm and first date), as rows of the board.

    `plans` are P: sound, valued at tau or more, split fairly enough. `open` is the one set that everything is drawn
    from: what of P the budget could pay and no other plan beats (`pareto`). `band` are the plans of `open` that fit
    and come near the best Nash product: what is shown unasked. `threshold` is tau of the stage, `best` the value it is
    a share of; private like every score.
    """

    case: Case
    frame: Frame
    board: Board
    sound: Rows
    plans: Rows
    open: Rows
    band: Rows
    threshold: int
    best: int

    def entries(self, rows: Rows) -> list[Entry]:
        """Return rows as entries."""
        return [self.board.entry(int(row)) for row in rows]

    @property
    def considered(self) -> int:
        """How many candidates were valued."""
        return len(self.board.sheet.terms)

    @property
    def root(self) -> str:
        """The hash of P: the candidates and which of them are in it."""
        return digest([self.board.sheet.digest, self.board.bitmap(self.plans).hex()])


def key_of(case: Case, freq: Frequency) -> Key:
    """Return what the list of candidates of this case depends on."""
    families = case.rules.families
    apr = min((account.apr for account in case.accounts), default=0)
    facts = case.facts
    return Key(
        families=families,
        freq=freq,
        waiver_step=case.rules.common.lattice.waiver,
        lump_max=waiver_max(families.lump, case.days_past_due),
        has_fees=any(account.fees_minor for account in case.accounts),
        has_interest=any(account.interest_minor for account in case.accounts),
        apr_ppm=int(apr * 1_000_000) // RATE_STEP * RATE_STEP if families.restructure.rate_max else 0,
        course_months=facts.course_months,
        course=facts.course,
        evidence=facts.evidence if families.index.on else "none",
    )


@lru_cache(maxsize=24)
def policy_set(
    case: Case,
    freq: Frequency,
    first_on: date | None,
    model: Model,
    *,
    due_day: int | None = None,
    plain: bool = False,
) -> PolicySet:
    """Return P and what is shown of it for one slice.

    The threshold comes from the debtor's own rhythm, never from an ask. `plain` asks for the reference path without
    numpy; both give the same figures. Under a learned model P holds what it holds under the literature prior, and more.
    """
    frame = frame_of(case, freq=freq, first_on=first_on, due_day=due_day)
    board = board_of(sheet_of(key_of(case, freq)), case, frame, model, plain=plain)
    if freq == case.facts.freq and first_on is None:
        best = _best(board, board.sound())
    else:
        best = policy_set(case, case.facts.freq, None, model, plain=plain).best
    known = None
    if model != PRIOR:  # what a lender's data teach only ever adds to what the literature allows
        known = policy_set(case, freq, first_on, PRIOR, due_day=due_day, plain=plain).plans
    return _drawn(case, frame, board, best, known)


def near_set(case: Case, model: Model) -> PolicySet:
    """Return the set of the debtor's own rhythm without the plans that nobody asks about while a menu is picked.

    Left out before they are valued: shapes of which no plan fits, single payments apart. None of them beats a plan
    that fits, or splits a shape that has one: `menu.pick` gives the same. The other fields lack them: for counting
    menus, not for answering.
    """
    frame = frame_of(case, freq=case.facts.freq)
    sheet = sheet_of(key_of(case, case.facts.freq))
    reach = Reach(max(0, frame.affordable * case.rules.policy.theta_max // 10_000), max(0, case.cash))
    board = board_of(sheet, case, frame, model, reach=reach)
    best = _best(board, board.sound())
    known = None
    if model != PRIOR:
        prior = board_of(sheet, case, frame, PRIOR, reach=reach)
        known = _drawn(case, frame, prior, _best(prior, prior.sound()), None).plans
    return _drawn(case, frame, board, best, known)


def _drawn(case: Case, frame: Frame, board: Board, best: int, known: Rows | None) -> PolicySet:
    sound = board.sound()
    stages = [plans_at(case, board, sound, best, stage) for stage in range(case.stage + 1)]
    plans = opened(case, board, stages)
    if known is not None:
        plans = board.joined(plans, known)
    front = board.front(allowed(case, frame, board, plans))
    band = band_of(case, board, front)
    threshold = stage_threshold(case, case.stage, best)
    return PolicySet(case, frame, board, sound, plans, front, band, threshold, best)


def plans_at(case: Case, board: Board, sound: Rows, best: int, stage: int) -> Rows:
    """Return the sound plans at or above a stage's threshold and the private floors."""
    return plans_above(case, board, sound, stage_threshold(case, stage, best))


def plans_above(case: Case, board: Board, sound: Rows, threshold: int) -> Rows:
    """Return the sound plans at or above a threshold and the private floors."""
    value = case.rules.value
    least = {"value": threshold, "cash": value.expected_cash_floor * BP_TO_MICRO}
    if value.full_cost_floor:
        least["after"] = -(-case.balance * value.full_cost_floor // 10_000)
    return board.among(sound, at_least=least)


def _best(board: Board, sound: Rows) -> int:
    fitting = board.among(sound, at_least={"fits": 1})
    return board.peak(fitting if len(fitting) else sound, "value")


def stage_threshold(case: Case, stage: int, best: int) -> int:
    """Return tau of a stage: open share of the best fitting plan at first, the floor at the last, linear between."""
    floor = case.rules.value.npv_floor * BP_TO_MICRO
    first = max(floor, best * case.rules.policy.open_share // 10_000)
    last = case.stages - 1
    return first - (first - floor) * min(stage, last) // last if last else floor


def band_of(case: Case, board: Board, front: Rows) -> Rows:
    """Return the fitting plans of the front whose Nash product reaches the stage's share of the best of them."""
    fitting = board.among(front, at_least={"fits": 1})
    bands = case.rules.policy.band_q[: case.stage + 1]
    return board.among(fitting, at_least={"nash": -(-min(bands) * board.peak(fitting, "nash") // 10_000)})
