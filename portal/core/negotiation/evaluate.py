"""Amounts and scores of every candidate, one by one: the plain path, which always works and is the reference."""

from math import sqrt

from portal.core.calendar import from_monthly
from portal.core.negotiation.board import AMOUNTS, FIGURES, ListBoard
from portal.core.negotiation.context import Case
from portal.core.negotiation.inputs import inputs_of
from portal.core.negotiation.model import LIFT, Model
from portal.core.negotiation.score import MICRO, Scale, Score, score, training_score
from portal.core.negotiation.sheet import Sheet
from portal.core.negotiation.tables import BLOCK, table
from portal.core.negotiation.training import Tree, lessened, training_tree
from portal.core.plans.frame import Frame, waived_of
from portal.core.plans.grammar import Terms
from portal.core.plans.outline import Outline, outline

BP_TO_MICRO = 100


def scale_of(case: Case, frame: Frame, sheet: Sheet, model: Model) -> Scale:
    """Return what the scores of this case are measured with."""
    return scale_for(case, frame, model, periods=sheet.longest)


def scale_for(case: Case, frame: Frame, model: Model, *, periods: int) -> Scale:
    """Return what the scores of plans of at most so many periods are measured with in this case."""
    value = case.rules.value
    return Scale(
        balance=frame.balance,
        affordable=frame.affordable,
        at_hand=max(frame.affordable, case.cash),
        cost=float(value.cost_per_payment),
        recovery=value.post_break / 1e4,
        table=table(
            model=model.for_case(inputs_of(case, frame.freq)),
            kappa_ppm=value.kappa,
            freq=frame.freq,
            standard_bp=value.standard_burden,
            blocks=-(-periods // BLOCK),
        ),
    )


def list_board(sheet: Sheet, case: Case, frame: Frame, model: Model) -> ListBoard:
    """Return the board of a case in plain Python."""
    scale = scale_of(case, frame, sheet, model)
    tree = training_tree(case.rules.families.skills)
    rows = [figures_of(terms, case, frame, scale, tree) for terms in sheet.terms]
    return ListBoard(
        sheet, dict(zip(FIGURES, map(tuple, zip(*rows, strict=True)), strict=True)) if rows else _empty()
    )


def _empty() -> dict[str, tuple[int, ...]]:
    return dict.fromkeys(FIGURES, ())


def figures_of(terms: Terms, case: Case, frame: Frame, scale: Scale, tree: Tree) -> tuple[int, ...]:
    """Return the figures of one candidate in the order of `FIGURES`; all 0 where the terms make no plan."""
    shape = outline(terms, frame)
    if shape is None:
        return (0,) * len(FIGURES)
    if terms.family == "skills":
        fees = frame.fees - waived_of(terms, frame).fees
        paths = [(path.chance, lessened(shape, path.worth_in(shape, terms, fees, case))) for path in tree]
        scores = training_score(paths, scale)
    else:
        scores = score(shape, scale)
    return row_of(terms, shape, scores, case, frame)


def row_of(terms: Terms, shape: Outline, scores: Score, case: Case, frame: Frame) -> tuple[int, ...]:
    """Return the figures of a candidate whose amounts and scores are known, in the order of `FIGURES`."""
    return (
        *(getattr(shape, name) for name in AMOUNTS),
        *scores,
        max(shape.largest, shape.down),
        nash(scores, case),
        int(fits(shape, case, frame)),
        int(not breaches(terms, shape, case, frame)),
    )


def breaches(terms: Terms, shape: Outline, case: Case, frame: Frame) -> tuple[str, ...]:
    """Return the bounds that only the amounts can break: the smallest and the largest installment."""
    families = case.rules.families
    found = []
    if terms.shape in {"installment", "restructure"}:
        least = least_payment(case, frame, terms.shape)
        if shape.payment < least or shape.last < min(least, shape.largest):
            found.append("installment_min")
        most = from_monthly(families.installment.installment_max, frame.freq)
        if most and shape.payment > most:
            found.append("installment_max")
    return tuple(found)


def least_payment(case: Case, frame: Frame, shape: str) -> int:
    """Return the smallest regular payment of a family in the frame's rhythm."""
    own = case.rules.families.restructure.installment_min if shape == "restructure" else 0
    return max(frame.installment_min, from_monthly(own, frame.freq))


def fits(shape: Outline, case: Case, frame: Frame) -> bool:
    """Tell whether the budget carries the plan: each payment within theta of it, a down payment within the cash."""
    theta = case.rules.policy.theta_max
    if shape.periods == 1 and not shape.down:
        return shape.largest <= max(case.cash, frame.affordable * theta // 10_000)
    return shape.down <= case.cash and shape.largest * 10_000 <= theta * frame.affordable


def nash(scores: Score, case: Case) -> int:
    """Return N = (L - d_L)^alpha * (U_D + .35)^(1 - alpha), both clipped at 0, in millionths."""
    lender = max(0, scores.value - case.rules.value.no_plan_value * BP_TO_MICRO) / MICRO
    debtor = max(0.0, scores.debtor / MICRO + LIFT)
    alpha = case.rules.value.alpha
    if alpha == 5000:
        return round(sqrt(lender * debtor) * MICRO)
    return round(float(lender ** (alpha / 1e4)) * float(debtor ** (1 - alpha / 1e4)) * MICRO)
