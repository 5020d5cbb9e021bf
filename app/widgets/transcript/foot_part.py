"""What stands below a message: what can be done with it, its versions, and what it cost."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from typing_extensions import override

from app.text.shown import Shown
from app.widgets.transcript.look import VERB_ICONS, Details, Look, Stroke, Target, Verb, VerbName
from app.widgets.transcript.part import Part, paint_ring

SIDE = 28.0
ICON = 16.0
GAP = 12.0
QUESTION_VERBS: tuple[VerbName, ...] = ("copy", "edit", "fork", "delete")
ANSWER_VERBS: tuple[VerbName, ...] = ("copy", "regenerate", "edit", "fork", "delete")


class FootPart(Part):
    """Verbs at the side of who speaks, statistics at the other; one row, or two where narrow.

    Its room is always there: nothing moves when the pointer comes by.
    """

    is_foot = True

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.is_last = False
        self._shown = shown
        self._statistics, _, self._details = shown.statistics.partition("\n")
        self._words: dict[str, str] = {}
        self._places: list[tuple[Target, QRectF]] = []
        self._count = QRectF()
        self._said = QRectF()

    @property
    def verbs(self) -> tuple[VerbName, ...]:
        """What can be done with the message; nothing before it is on disk."""
        if self._shown.id is None or self._shown.role == "tool":
            return ()
        if self._shown.role == "user":
            # The last one has no answer: it was deleted, or the window closed before it came.
            return (*QUESTION_VERBS, "regenerate") if self.is_last else QUESTION_VERBS
        return (*ANSWER_VERBS, "continue") if self.is_last else ANSWER_VERBS

    @override
    def layout(self, look: Look, width: float) -> None:
        self.width = width
        self._words = look.words.verbs
        side = SIDE * look.scale
        metrics = QFontMetricsF(look.small)
        count = metrics.horizontalAdvance(self._version) if self._shown.versions > 1 else 0.0
        arrows = count + 2 * side if count else 0.0
        row = len(self.verbs) * side + arrows
        said = metrics.horizontalAdvance(self._statistics) + 2 if self._statistics else 0.0
        two_rows = bool(row and said) and row + said + GAP * look.scale > width
        left = max(0.0, width - row) if self._shown.role == "user" else -6.0 * look.scale
        self._places = []
        asked = self._shown.role == "user"
        # Arrows are always seen: they stand at the edge, the verbs beside them.
        self._place_arrows(left + (row - arrows if asked else 0), side, count)
        left += 0 if asked else arrows
        for at, name in enumerate(self.verbs):
            self._places.append((Verb(name), QRectF(left + at * side, 0, side, side)))
        below = side if two_rows else 0.0
        from_left = two_rows or not row
        self._said = QRectF(0 if from_left else width - said, below, min(said, width), side)
        if self._details:
            self._places.append((Details(self._details), self._said))
        self.height = side + below

    def _place_arrows(self, left: float, side: float, count: float) -> None:
        if not count:
            return
        self._places.append((Verb("previous"), QRectF(left, 0, side, side)))
        self._count = QRectF(left + side, 0, count, side)
        self._places.append((Verb("next"), QRectF(left + side + count, 0, side, side)))

    @override
    def guess(self, look: Look, width: float) -> float:
        return SIDE * look.scale

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        return self._places

    @override
    def target_at(self, point: QPointF) -> Target | None:
        return next((target for target, place in self._places if place.contains(point)), None)

    @override
    def says(self, target: Target) -> str:
        match target:
            case Verb(name):
                return self._words.get(name, "")
            case Details(text):
                return text
            case _:
                return ""

    @property
    def _version(self) -> str:
        return f"{self._shown.version} / {self._shown.versions}"

    @override
    def paint(self, stroke: Stroke) -> None:
        painter, tokens = stroke.painter, stroke.look.tokens
        painter.setFont(stroke.look.small)
        painter.setPen(QColor(tokens.dim if stroke.awake else tokens.faint))
        elided = QFontMetricsF(stroke.look.small).elidedText(
            self._statistics, Qt.TextElideMode.ElideRight, self._said.width() + 1
        )
        painter.drawText(self._said, Qt.AlignmentFlag.AlignVCenter, elided)
        awake = stroke.awake or (self.is_last and self._shown.role == "assistant")
        for target, place in self._places:
            if isinstance(target, Verb) and (awake or target.name in {"previous", "next"}):
                self._paint_verb(stroke, target, place)
            if target == stroke.focused:
                paint_ring(stroke, place.adjusted(1, 1, -1, -1))
        if self._shown.versions > 1:
            painter.setPen(QColor(tokens.dim))
            painter.drawText(self._count, Qt.AlignmentFlag.AlignCenter, self._version)

    def _paint_verb(self, stroke: Stroke, verb: Verb, place: QRectF) -> None:
        painter, tokens = stroke.painter, stroke.look.tokens
        lit, done = stroke.hovered == verb, stroke.copied == verb
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 6, 6)
        ends = {"previous": self._shown.version <= 1, "next": self._at_last_version}
        colour = tokens.text if lit else tokens.dim
        if ends.get(verb.name, False):
            colour = tokens.border
        side = ICON * stroke.look.scale
        square = QRectF(0, 0, side, side)
        square.moveCenter(place.center())
        icon = "check" if done else VERB_ICONS[verb.name]
        stroke.look.icon(painter, icon, tokens.ok if done else colour, square)

    @property
    def _at_last_version(self) -> bool:
        return self._shown.version >= self._shown.versions
