"""Whether a newer Fullbore is looked for, and where."""

from app.presenters.settings_engine import EngineSettingsPresenter
from app.views.settings.kept_rows import LineRow, SwitchRow
from app.views.settings.section import Section


class UpdatesSection(Section):
    """Off until the person agrees; what was found stands in the About dialog."""

    def __init__(self, engine: EngineSettingsPresenter) -> None:
        super().__init__()
        self.entitle(self.tr("Updates"))
        looks = (
            self.tr("Look for a newer version once a day"),
            self.tr(
                "Fetches a signed list of releases; nothing about you or this computer is sent."
            ),
        )
        source = (
            self.tr("Address of the releases"),
            self.tr("Empty: Fullbore's own. A mirror may be named: the list is signed."),
        )
        self.add(SwitchRow(engine, "updates", looks), LineRow(engine, "update_source", source))
