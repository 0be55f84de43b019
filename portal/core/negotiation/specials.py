"""The figures of plans that are no level payments: their amounts one by one, their scores at once.

Rising payments and payments by income have few runs of equal payments. Run after run is added for all of them, in the
order of operations of `score.sums`, so the figures are those of `evaluate.figures_of` bit by bit; a test compares them.
"""

from collections.abc import Sequence

from portal.core.negotiation.board import FIGURES
from portal.core.negotiation.context import Case
from portal.core.negotiation.evaluate import figures_of, row_of
from portal.core.negotiation.score import Scale, Sums, rounded
from portal.core.negotiation.search import run_sums
from portal.core.negotiation.sheet import Sheet
from portal.core.negotiation.training import training_tree
from portal.core.plans.frame import Frame
from portal.core.plans.outline import Outline, outline

FEW = 4  # fewer are faster one by one
Figures = tuple[int, ...]


def special_figures(
    rows: Sequence[int], sheet: Sheet, case: Case, frame: Frame, scale: Scale
) -> list[Figures]:
    """Return the figures of some rows of a sheet in the order of `FIGURES`."""
    tree = training_tree(case.rules.families.skills)
    listed = [sheet.terms[row] for row in rows]
    apart = [i for i, terms in enumerate(listed) if terms.family != "skills" and not terms.grace_months]
    if len(apart) < FEW:
        return [figures_of(terms, case, frame, scale, tree) for terms in listed]
    together = set(apart)
    found = [
        (0,) * len(FIGURES) if i in together else figures_of(terms, case, frame, scale, tree)
        for i, terms in enumerate(listed)
    ]
    shapes = [(i, shape) for i in apart if (shape := outline(listed[i], frame)) is not None]
    for (i, shape), sums in zip(shapes, _summed([shape for _, shape in shapes], scale), strict=True):
        found[i] = row_of(listed[i], shape, rounded(sums, scale.balance), case, frame)
    return found


def _summed(shapes: Sequence[Outline], scale: Scale) -> list[Sums]:
    """Return the unrounded scores of outlines without a pause, as `score.sums`."""
    if not shapes:
        return []
    runs = [[run for run in shape.runs if run[0]] for shape in shapes]
    most = max(map(len, runs))
    padded = [[*one, *[(0, 0)] * (most - len(one))] for one in runs]
    wholes = [shape.total + shape.residual - shape.down for shape in shapes]
    single = [not shape.down and shape.periods == 1 for shape in shapes]
    columns = run_sums(padded, [shape.down for shape in shapes], wholes, single, scale)
    return [Sums(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]
