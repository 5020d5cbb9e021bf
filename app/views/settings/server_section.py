"""The local port: who reaches it, how it is kept, what it looks into, and which models it keeps."""

from typing_extensions import override

from app.presenters.server.presenter import EVERYWHERE, HERE, ServerPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.views.server.reach import let_in
from app.views.settings.kept_rows import ChoiceRow, LineRow, NumberRow, SwitchRow
from app.views.settings.listed_rows import FileRow, LinesRow, PairsRow, UnitRow
from app.views.settings.section import Section
from engine.config import MOST_STREAMS

_PORTS = (1, 65535)
_MOST_WAITING = 100_000
_MOST_MODELS = 16
_MOST_MINUTES = 7 * 24 * 60
_MINUTE = 60
_MEGABYTE = 1 << 20
_MOST_MEGABYTES = 1024


class ReachRow(ChoiceRow):
    """The network is let in only where a key is demanded of it."""

    def __init__(
        self, server: ServerPresenter, engine: EngineSettingsPresenter, says: tuple[str, str]
    ) -> None:
        self._server, self._engine = server, engine
        choices: dict[object, str] = {
            HERE: self.tr("This computer alone"),
            EVERYWHERE: self.tr("The whole network"),
        }
        super().__init__(engine, "host", says, choices)

    @override
    def choose(self, value: object) -> None:
        if value == EVERYWHERE:
            let_in(self._server, self._engine, self.window(), network=True)
            self._follow()  # what was chosen holds when the engine says so
        else:
            super().choose(value)


class ServerSection(Section):
    """In the settings, and on the Server screen."""

    def __init__(self, server: ServerPresenter, engine: EngineSettingsPresenter) -> None:
        super().__init__()
        self.entitle(self.tr("Local server"))
        self._add_port(server, engine)
        self._add_gate(engine)
        self._add_limits(engine)
        self._add_models(engine)
        self._add_looking(engine)

    def _add_port(self, server: ServerPresenter, engine: EngineSettingsPresenter) -> None:
        start = (
            self.tr("Open the local port at the start"),
            self.tr("Other programs can then ask your models as they would ask OpenAI's."),
        )
        who = (
            self.tr("Who reaches the port"),
            self.tr("Other computers are let in with a key alone."),
        )
        number = (
            self.tr("Port"),
            self.tr("Its number. An open port moves there at once."),
        )
        key = (
            self.tr("Key"),
            self.tr(
                "One key for all, beside those of the Server screen; empty: none. It stands in "
                "the settings' file as it is."
            ),
        )
        self.add(
            SwitchRow(engine, "serve", start),
            ReachRow(server, engine, who),
            NumberRow(engine, "port", number, _PORTS),
            LineRow(engine, "api_key", key, secret=True),
        )

    def _add_gate(self, engine: EngineSettingsPresenter) -> None:
        certificate = (
            self.tr("Certificate"),
            self.tr("A PEM file. With it and its key the port speaks HTTPS."),
        )
        secret = (
            self.tr("Certificate's key"),
            self.tr("The PEM file with the certificate's private key."),
        )
        pages = (
            self.tr("Web pages that may ask"),
            self.tr(
                "Pages in a browser are refused, but for these origins, one a line; * lets every "
                "page ask."
            ),
        )
        pictures = (
            self.tr("Fetch pictures from the web"),
            self.tr(
                "Where a program names a picture by its address. Addresses of your own network "
                "are never asked."
            ),
        )
        kinds = self.tr("Certificates (*.pem *.crt *.cer *.key);;All files (*)")
        self.add(
            FileRow(engine, "tls_certificate", certificate, kinds),
            FileRow(engine, "tls_key", secret, kinds),
            LinesRow(engine, "cors_origins", pages, "https://example.com"),
            SwitchRow(engine, "image_urls", pictures),
        )

    def _add_limits(self, engine: EngineSettingsPresenter) -> None:
        streams = (
            self.tr("Answers at once"),
            self.tr("How many a model gives side by side at most. From next start."),
        )
        waiting = (
            self.tr("Requests that wait"),
            self.tr("How many may wait for one model; more are told to come later."),
        )
        body = (
            self.tr("Largest request"),
            self.tr("With its pictures; larger ones are refused."),
        )
        self.add(
            NumberRow(engine, "streams", streams, (1, MOST_STREAMS)),
            NumberRow(engine, "queue_limit", waiting, (1, _MOST_WAITING)),
            UnitRow(engine, "most_body_bytes", body, (1, _MOST_MEGABYTES), (_MEGABYTE, " MiB")),
        )

    def _add_models(self, engine: EngineSettingsPresenter) -> None:
        most = (
            self.tr("Models at once"),
            self.tr("How many stay loaded, where the memory has room for them."),
        )
        idle = (
            self.tr("Idle models go after"),
            self.tr(
                "A model that was loaded for a program goes when nobody asked it for so long; 0 "
                "keeps it."
            ),
        )
        pinned = (
            self.tr("Pinned models"),
            self.tr("Never unloaded for another model's sake; one a line."),
        )
        aliases = (
            self.tr("Other names of models"),
            self.tr("Programs may ask by these names: “name = model”, one a line."),
        )
        self.add(
            NumberRow(engine, "most_models", most, (1, _MOST_MODELS)),
            UnitRow(engine, "idle_seconds", idle, (0, _MOST_MINUTES), (_MINUTE, " min")),
            LinesRow(engine, "pinned", pinned),
            PairsRow(engine, "aliases", aliases, "gpt-4o = owner/repo:Q4_K_M"),
        )

    def _add_looking(self, engine: EngineSettingsPresenter) -> None:
        inspects = (
            self.tr("Look into requests"),
            self.tr(
                "The Server screen shows the last requests with their words. They are kept in "
                "memory alone."
            ),
        )
        logs = (
            self.tr("Write the words to disk"),
            self.tr(
                "Prompts and answers go into a file of the logs folder, where others may read them."
            ),
        )
        self.add(
            SwitchRow(engine, "inspect", inspects),
            SwitchRow(engine, "log_bodies", logs),
        )
