"""How the window looks and speaks."""

from app.presenters.appearance import AppearancePresenter
from app.views.settings.kept_rows import ChoiceRow, PercentRow
from app.views.settings.section import Section


class AppearanceSection(Section):
    """Each change is seen at once."""

    def __init__(self, appearance: AppearancePresenter) -> None:
        super().__init__()
        self.entitle(self.tr("Appearance"))
        self.theme = ChoiceRow(
            appearance,
            "theme",
            (self.tr("Theme"), self.tr("Light or dark colours, or what the system shows.")),
            {
                "system": self.tr("As the system"),
                "light": self.tr("Light"),
                "dark": self.tr("Dark"),
            },
        )
        self.accent = ChoiceRow(
            appearance,
            "accent",
            (
                self.tr("Accent"),
                self.tr("The colour of buttons, links and of what is chosen."),
            ),
            {
                "blue": self.tr("Blue"),
                "amber": self.tr("Amber"),
                "green": self.tr("Green"),
                "violet": self.tr("Violet"),
                "rose": self.tr("Rose"),
                "graphite": self.tr("Graphite"),
            },
        )
        self.text = PercentRow(
            appearance,
            "text_percent",
            (
                self.tr("Text size"),
                self.tr("How large all letters are, and everything around them."),
            ),
            (80, 200),
        )
        self.language = ChoiceRow(
            appearance,
            "language",
            (
                self.tr("Language"),
                self.tr("Of the window's words, and of how dates and numbers are written."),
            ),
            {"system": self.tr("As the system"), "en": "English", "zh_CN": "简体中文"},
        )
        self.motion = ChoiceRow(
            appearance,
            "motion",
            (
                self.tr("Motion"),
                self.tr("Whether switches glide, or everything is in its place at once."),
            ),
            {
                "system": self.tr("As the system"),
                "full": self.tr("Full"),
                "reduced": self.tr("Reduced"),
            },
        )
        self.add(self.theme, self.accent, self.text, self.language, self.motion)
