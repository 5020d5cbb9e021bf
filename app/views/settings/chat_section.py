"""How chats behave."""

from app.presenters.appearance import AppearancePresenter
from app.presenters.presets import PresetsPresenter
from app.views.settings.kept_rows import ChoiceRow, SwitchRow, TextRow
from app.views.settings.section import Section


class ChatSection(Section):
    """What holds for all chats, and what new ones begin with."""

    def __init__(self, appearance: AppearancePresenter, presets: PresetsPresenter) -> None:
        super().__init__()
        self.entitle(self.tr("Chat"))
        kept = appearance
        self.add(
            ChoiceRow(
                kept,
                "overflow",
                (
                    self.tr("When a chat is too long"),
                    self.tr("What is done when it no longer fits into the model's context."),
                ),
                {
                    "refuse": self.tr("Say so, send nothing"),
                    "drop_oldest": self.tr("Leave out the oldest"),
                },
            ),
            ChoiceRow(
                kept,
                "preset",
                (
                    self.tr("Preset of new chats"),
                    self.tr("How the next words are chosen: a preset kept in the chat settings."),
                ),
                {
                    None: self.tr("Default"),
                    **{preset.id: preset.name for preset in presets.presets},
                },
            ),
            TextRow(
                kept,
                "system_prompt",
                (
                    self.tr("System prompt of new chats"),
                    self.tr("What the model is told before everything else."),
                ),
            ),
        )
        self._add_answers(kept)

    def _add_answers(self, kept: AppearancePresenter) -> None:
        self.add(
            SwitchRow(
                kept,
                "make_titles",
                (
                    self.tr("Titles by the model"),
                    self.tr("The model names a chat after its first answer."),
                ),
            ),
            SwitchRow(
                kept,
                "show_statistics",
                (
                    self.tr("Statistics"),
                    self.tr("Speed, first token and tokens stand below every answer."),
                ),
            ),
            SwitchRow(
                kept,
                "open_reasoning",
                (
                    self.tr("Reasoning open"),
                    self.tr("What a model thinks before it answers is shown without a click."),
                ),
            ),
            SwitchRow(
                kept,
                "wrap_code",
                (
                    self.tr("Wrap code"),
                    self.tr("Long lines of code are broken instead of scrolled."),
                ),
            ),
        )
