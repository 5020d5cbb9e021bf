"""How one model is to be loaded; every field chooses by itself until the person does."""

import re

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.presenters.models import ModelsPresenter
from app.theme.tokens import Tokens
from app.views.icons import recolour
from app.views.models.automatic import AutomaticChoice, AutomaticContext, AutomaticSpin
from app.widgets.arranging import card, column, label
from engine.config import LoadWish

_MOST_LAYERS = 999
_MOST_TOKENS = 1 << 22
_SHARES = r"^\s*(\d+(\.\d+)?\s*([,;:/ ]\s*\d+(\.\d+)?\s*)*)?$"


class LoadSettingsDialog(QDialog):
    """Reads a wish, shows it, and gives it back changed."""

    def __init__(
        self, models: ModelsPresenter, model: str, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._model = model
        automatic = self.tr("Automatic")
        facts = next((known for known in models.models if known.id == model), None)
        layers = (facts.layers + 1) if facts and facts.layers else _MOST_LAYERS
        self.setWindowTitle(self.tr("Load settings"))
        self.setMinimumWidth(520)
        self.gpu_layers = AutomaticSpin(automatic, least=0, most=layers)
        self.split_mode = AutomaticChoice(
            automatic,
            {
                "none": self.tr("One GPU"),
                "layer": self.tr("By layer"),
                "tensor": self.tr("By tensor"),
            },
        )
        self.tensor_split = QLineEdit()
        self.tensor_split.setPlaceholderText(self.tr("Automatic; or shares, such as 3, 1"))
        self.tensor_split.setValidator(
            QRegularExpressionValidator(QRegularExpression(_SHARES), self.tensor_split)
        )
        self.experts = AutomaticSpin(automatic, least=0, most=layers)
        self.context = AutomaticContext(automatic, least=256, most=_MOST_TOKENS)
        self.cache_type = AutomaticChoice(automatic, {"f16": "F16", "q8_0": "Q8_0", "q4_0": "Q4_0"})
        self.buttons = QDialogButtonBox()
        self._arrange()
        self.show_wish(models.wish_for(model))
        recolour(self, tokens)

    def show_wish(self, wish: LoadWish) -> None:
        """Show these wishes."""
        self.gpu_layers.choose(wish.gpu_layers)
        self.split_mode.choose(wish.split_mode)
        self.tensor_split.setText(", ".join(f"{share:g}" for share in wish.tensor_split))
        self.experts.choose(wish.cpu_experts)
        self.context.choose(wish.context_tokens)
        self.cache_type.choose(wish.cache_type)

    @property
    def wish(self) -> LoadWish:
        """What is shown."""
        return LoadWish.model_validate(
            {
                "gpu_layers": self.gpu_layers.chosen,
                "split_mode": self.split_mode.chosen,
                "tensor_split": _shares(self.tensor_split.text()),
                "cpu_experts": self.experts.chosen,
                "context_tokens": self.context.chosen,
                "cache_type": self.cache_type.chosen,
            }
        )

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(16, 16, 16, 16)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._add(form, self.tr("&Context, in tokens"), self.context)
        self._add(form, self.tr("&GPU layers"), self.gpu_layers)
        self._add(form, self.tr("&Split mode"), self.split_mode)
        self._add(form, self.tr("&Tensor split"), self.tensor_split)
        self._add(form, self.tr("&Experts on the CPU, in layers"), self.experts)
        self._add(form, self.tr("C&ache type"), self.cache_type)
        load = QPushButton(self.tr("Save and load"))
        load.setProperty("kind", "primary")
        load.setDefault(True)
        reset = QPushButton(self.tr("All automatic"))
        cancel = QPushButton(self.tr("Cancel"))
        roles = QDialogButtonBox.ButtonRole
        self.buttons.addButton(load, roles.AcceptRole)
        self.buttons.addButton(cancel, roles.RejectRole)
        self.buttons.addButton(reset, roles.ResetRole)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        reset.clicked.connect(lambda: self.show_wish(LoadWish()))
        says = self.tr("What is automatic is chosen to fit this computer.")
        self.setLayout(
            column(
                label(self._model, "title", wrap=True),
                label(says, "dim", wrap=True),
                card(form),
                self.buttons,
                margins=(18, 18, 18, 18),
                spacing=12,
            )
        )

    def _add(self, form: QFormLayout, name: str, field: QWidget) -> None:
        field.setAccessibleName(name.replace("&", ""))
        form.addRow(name, field)

    def _save(self) -> None:
        self._models.set_wish(self._model, self.wish)
        self.accept()


def _shares(text: str) -> tuple[float, ...]:
    return tuple(float(share) for share in re.findall(r"\d+(?:\.\d+)?", text))
