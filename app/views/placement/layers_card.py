"""The layers in a row, and below them their experts: drag a boundary to move some."""

from PySide6.QtWidgets import QFrame, QWidget

from app.presenters.placement.places import ExpertStrip, Strip, StripHandle, StripSegment
from app.presenters.placement.presenter import PlacementPresenter
from app.theme.tokens import Tokens
from app.views.placement import said
from app.widgets.arranging import column, label, row
from app.widgets.divided_row import DividedRow, Grip, Stretch


class LayersCard(QFrame):
    """Shows where layers and experts lie, and moves them."""

    def __init__(
        self, placement: PlacementPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._placement = placement
        self._tokens = tokens
        self.layers = DividedRow()
        self.experts = DividedRow()
        self._says = label("", "dim")
        self._experts_title = label(self.tr("Experts"), "title")
        self._experts_says = label("", "dim")
        self._arrange()
        self.layers.moved.connect(placement.move_boundary)
        self.experts.moved.connect(self._move_experts)
        placement.changed.connect(self.show_strips)
        self.show_strips()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self.show_strips()

    def show_strips(self) -> None:
        """Show where everything lies now."""
        strip, experts = self._placement.strip, self._placement.experts
        self.setVisible(strip is not None)
        if strip is not None:
            self._show_layers(strip)
        for part in (self.experts, self._experts_title, self._experts_says):
            part.setVisible(experts is not None)
        if experts is not None:
            self._show_experts(experts)

    def _show_layers(self, strip: Strip) -> None:
        shared = any(segment.share is not None for segment in strip.segments)
        says = self.tr("{0}, the output included. Drag a boundary, or move it by the arrow keys.")
        if shared:
            says = self.tr("{0}; every card has its share of each. Drag a boundary to move shares.")
        self._says.setText(says.format(said.layers(strip.total)))
        stretches = [self._stretch(segment) for segment in strip.segments]
        names = [said.place_name(segment.number) for segment in strip.segments]
        grips = [
            self._grip(strip, at, names[at], names[at + 1]) for at in range(len(strip.handles))
        ]
        self.layers.show_row(strip.total, stretches, grips)

    def _stretch(self, segment: StripSegment) -> Stretch:
        name, count = said.place_name(segment.number), said.layers(segment.layers)
        short = str(segment.layers)
        size = segment.layers * (1.0 if segment.share is None else segment.share)
        if segment.share is not None:
            count = short = f"{segment.share * 100:.0f} %"
        return Stretch(
            size=size,
            colour=said.owner_colour(self._tokens, segment.number),
            ink=said.owner_ink(self._tokens, segment.number),
            says=(f"{name} · {count}", f"{name} · {short}", count, short),
        )

    def _grip(self, strip: Strip, at: int, before: str, after: str) -> Grip:
        handle: StripHandle = strip.handles[at]
        left, right = strip.segments[at], strip.segments[at + 1]
        amounts = (said.layers(left.layers), said.layers(right.layers))
        if left.share is not None and right.share is not None:
            amounts = (f"{left.share * 100:.0f} %", f"{right.share * 100:.0f} %")
        return Grip(
            name=self.tr("Boundary between {0} and {1}").format(before, after),
            says=f"{before}: {amounts[0]} · {after}: {amounts[1]}",
            value=handle.value,
            least=handle.least,
            most=handle.most,
            origin=handle.origin,
            unit=handle.unit,
        )

    def _show_experts(self, experts: ExpertStrip) -> None:
        """On the same scale as the layers: what lies in RAM at both ends, on cards between."""
        first, last = experts.layers_in_ram, experts.in_ram
        on_cards = max(0, experts.total - first - last)
        last = experts.total - first - on_cards
        ram, ink = (paint(self._tokens, None) for paint in (said.owner_colour, said.owner_ink))
        in_ram, cards = said.place_name(None), self.tr("On cards")
        stretches = (
            Stretch(size=first, colour=ram, ink=ink, says=(in_ram,)),
            Stretch(
                size=on_cards,
                colour=said.owner_colour(self._tokens, 0),
                ink=said.owner_ink(self._tokens, 0),
                says=(f"{cards} · {said.layers(on_cards)}", str(on_cards)),
            ),
            Stretch(
                size=last,
                colour=ram,
                ink=ink,
                says=(f"{in_ram} · {said.layers(last)}", str(last)),
            ),
        )
        grip = Grip(
            name=self.tr("Boundary between experts on cards and in RAM"),
            says=self.tr("Experts of {0} in RAM").format(said.layers(last)),
            value=experts.total - last,
            least=first,
            most=experts.total,
        )
        self._experts_says.setText(grip.says)
        self.experts.show_row(experts.total + 1, stretches, (grip,))

    def _move_experts(self, grip: int, value: int) -> None:
        del grip  # there is one
        experts = self._placement.experts
        if experts is not None:
            self._placement.keep_experts_in_ram(experts.total - value)

    def _arrange(self) -> None:
        self.layers.setAccessibleName(self.tr("Layers"))
        self.experts.setAccessibleName(self.tr("Experts"))
        self._says.setWordWrap(False)
        head = row(label(self.tr("Layers"), "title"), self._says, None, spacing=10)
        below = row(self._experts_title, self._experts_says, None, spacing=10)
        self.setLayout(
            column(head, self.layers, below, self.experts, margins=(14, 11, 14, 12), spacing=8)
        )
