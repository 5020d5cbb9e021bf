"""One request from inside: its timings, parameters, prompt as rendered, and answer."""

import json

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QFrame, QPushButton, QTabWidget, QWidget

from app.lists.sizes import decimal_text
from app.presenters.server.requests import RequestsPresenter
from app.text import failures
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import words
from app.views.icons import mark, recolour
from app.widgets.arranging import column, label, row
from app.widgets.code_view import CodeView
from app.widgets.elided_label import ElidedLabel
from app.widgets.stacked_bar import BarPart, StackedBar
from app.widgets.swatches import Swatch, Swatches
from engine.requests import RequestInside, RequestSeen

_SAID_MS = 1500
_LEAST = 150


class Inspector(QFrame):
    """Follows the request that is chosen."""

    def __init__(
        self, requests: RequestsPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("The chosen request"))
        self._requests, self._tokens = requests, tokens
        self.title = ElidedLabel()
        self.title.setProperty("role", "title")
        self.told = label("", "dim", wrap=True)
        self.bar = StackedBar(QColor(tokens.error))
        self.bar.setAccessibleName(self.tr("Where the time went"))
        self.legend = Swatches()
        self.copy = QPushButton(" " + self.tr("Copy"))
        mark(self.copy, "copy")
        self._copied = QTimer(self, singleShot=True, interval=_SAID_MS)
        self.pages = QTabWidget()
        self.pages.setMinimumHeight(_LEAST)
        self.pages.setDocumentMode(True)
        self.texts: dict[str, CodeView] = {}
        for key, says in self._names():
            self.texts[key] = CodeView(says, tokens.syntax)
            self.pages.addTab(self.texts[key], says)
        whole = column(
            row(self.title, None, self.copy),
            self.told,
            self.bar,
            self.legend,
            self.pages,
            margins=(16, 12, 16, 12),
        )
        whole.setStretch(4, 1)
        self.setLayout(whole)
        self.copy.clicked.connect(self._copy)
        self._copied.timeout.connect(lambda: self.copy.setText(" " + self.tr("Copy")))
        requests.chosen.connect(self._follow)
        self._follow()
        recolour(self, tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self.bar.set_over(QColor(tokens.error))
        for text in self.texts.values():
            text.wear(tokens.syntax)
        recolour(self, tokens)

    def _follow(self) -> None:
        inside = self._requests.inside
        seen = inside.seen if inside is not None else self._requests.seen
        self.setVisible(seen is not None)
        if seen is None:
            return
        self.title.setText(" · ".join(part for part in (seen.path, seen.model) if part))
        failure = failures.told(seen.failure) if seen.failure else ""
        self.told.setText(failure or self._tokens_told(seen))
        set_dress(self.told, "role", "error" if failure else "dim")
        self._show_times(seen)
        self._show_texts(inside)

    def _show_times(self, seen: RequestSeen) -> None:
        queue = seen.queue_seconds or 0.0
        first = max(queue, seen.first_token_seconds or queue)
        spans = (
            (queue, self._tokens.other, self.tr("queue {0}")),
            (first - queue, self._tokens.kv, self.tr("prompt {0}")),
            (max(0.0, seen.seconds - first), self._tokens.accent, self.tr("answer {0}")),
        )
        told = [
            BarPart(
                size=seconds * 1000,
                colour=QColor(colour),
                says=says.format(_seconds(seconds)),
            )
            for seconds, colour, says in spans
        ]
        self.bar.show_parts([part for part in told if part.size > 0], seen.seconds * 1000)
        self.legend.show_entries([Swatch(colour=part.colour, says=part.says) for part in told])

    def _show_texts(self, inside: RequestInside | None) -> None:
        shown = dict.fromkeys(self.texts, "")
        if inside is not None:
            shown["prompt"], shown["answer"] = inside.prompt, inside.answer
            shown["reasoning"] = inside.reasoning
            if inside.parameters:
                parameters = dict(inside.parameters)
                shown["parameters"] = json.dumps(
                    parameters, indent=2, ensure_ascii=False, default=str
                )
        for place, (key, text) in enumerate(shown.items()):
            self.texts[key].show_code(text, "json" if key == "parameters" else "")
            self.pages.setTabVisible(place, bool(text) or key in {"prompt", "answer"})
            kept = self.tr("Nothing is kept of it.") if inside is None else ""
            self.texts[key].setPlaceholderText(kept)

    def _tokens_told(self, seen: RequestSeen) -> str:
        told = [seen.dialect, seen.key]
        if seen.prompt_tokens is not None:
            told.append(self.tr("prompt: {0}").format(words.tokens(seen.prompt_tokens)))
        if seen.reused_tokens:
            told.append(self.tr("{0} of them from the cache").format(seen.reused_tokens))
        if seen.answer_tokens is not None:
            told.append(self.tr("answer: {0}").format(words.tokens(seen.answer_tokens)))
        if seen.decode_tps is not None:
            told.append(words.speed(seen.decode_tps))
        return " · ".join(part for part in told if part)

    def _copy(self) -> None:
        shown = self.pages.currentWidget()
        if isinstance(shown, CodeView):
            QGuiApplication.clipboard().setText(shown.code)
            self.copy.setText(" " + self.tr("Copied"))
            self._copied.start()

    def _names(self) -> tuple[tuple[str, str], ...]:
        return (
            ("prompt", self.tr("Prompt, as rendered")),
            ("answer", self.tr("Answer")),
            ("reasoning", self.tr("Reasoning")),
            ("parameters", self.tr("Parameters")),
        )


def _seconds(seconds: float) -> str:
    return f"{decimal_text(seconds, 2)} s"
