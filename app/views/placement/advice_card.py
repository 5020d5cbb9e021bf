"""Why so, what else there is, and what would make it better."""

from functools import partial

from PySide6.QtWidgets import QFrame, QWidget

from app.presenters.placement.presenter import PlacementPresenter
from app.views import sayings, words
from app.views.placement import said
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.row_button import RowButton
from engine.fit.plan import Change, Plan


class AdviceCard(QFrame):
    """Reasons as sentences, alternatives to choose, and changes with what each would give."""

    def __init__(self, placement: PlacementPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._placement = placement
        self._shown: Plan | None = None
        self._why = label(self.tr("Why so"), "title")
        self._reasons = label("", "dim", wrap=True)
        self._else = label(self.tr("Alternatives"), "title")
        self._better = label(self.tr("What would change it"), "title")
        self.alternatives: list[RowButton] = []
        self._changes: list[_ChangeRow] = []
        self._choices, self._steps = column(spacing=6), column(spacing=4)
        self.setLayout(
            column(
                self._why,
                self._reasons,
                self._else,
                self._choices,
                self._better,
                self._steps,
                margins=(14, 10, 14, 12),
                spacing=7,
            )
        )
        placement.changed.connect(self.show_advice)
        self.show_advice()

    @property
    def words(self) -> str:
        """Everything it says."""
        said_here = [self._reasons.text(), *(shown.accessibleName() for shown in self.alternatives)]
        return "\n".join((*said_here, *(shown.accessibleName() for shown in self._changes)))

    def show_advice(self) -> None:
        """Show the newest plan's."""
        plan = self._placement.plan
        self.setVisible(plan is not None)
        if plan is None or plan is self._shown:
            return
        self._shown = plan
        self._why.setVisible(bool(plan.reasons))
        self._reasons.setVisible(bool(plan.reasons))
        self._reasons.setText("\n".join(f"• {sayings.told(reason)}" for reason in plan.reasons))
        self._show_alternatives(plan)
        self._show_changes(plan)

    def _show_alternatives(self, plan: Plan) -> None:
        self._else.setVisible(bool(plan.alternatives))
        while len(self.alternatives) < len(plan.alternatives):
            button = RowButton()
            button.clicked.connect(partial(self._adopt, len(self.alternatives)))
            self._choices.addWidget(button)
            self.alternatives.append(button)
        for at, button in enumerate(self.alternatives):
            button.setVisible(at < len(plan.alternatives))
            if at < len(plan.alternatives):
                then = plan.alternatives[at]
                title, *rest = said.differences(plan, then)
                detail = sayings.comma().join(rest) if then.fits else self.tr("does not fit")
                button.say(title, detail, words.speed(then.pace.decode_tps.expected))
                whole = sayings.comma().join((title, *rest))
                button.setToolTip("\n".join((whole, *map(sayings.told, then.reasons[:1]))))

    def _adopt(self, alternative: int, *_: bool) -> None:
        self._placement.adopt(alternative)

    def _show_changes(self, plan: Plan) -> None:
        self._better.setVisible(bool(plan.changes))
        while len(self._changes) < len(plan.changes):
            shown = _ChangeRow()
            self._steps.addWidget(shown)
            self._changes.append(shown)
        for at, shown in enumerate(self._changes):
            shown.setVisible(at < len(plan.changes))
            if at < len(plan.changes):
                shown.show_change(plan.changes[at])


class _ChangeRow(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._what = ElidedLabel()
        self._gives = label("", "ok")
        line = row(self._what, self._gives)
        line.setStretch(0, 1)
        self.setLayout(line)

    def show_change(self, change: Change) -> None:
        gives = words.speed(change.decode_tps) if change.fits else self.tr("would not fit either")
        what = sayings.told(change.what)
        self._what.setText(what)
        self._gives.setText(gives)
        self.setAccessibleName(f"{what}: {gives}")
