"""Everything a window shows, in one value."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.presenters.appearance import AppearancePresenter
from app.presenters.calibration import CalibrationPresenter
from app.presenters.chat import ChatPresenter
from app.presenters.get_model import GetModelPresenter
from app.presenters.machine import MachinePresenter
from app.presenters.models import ModelsPresenter
from app.presenters.placement.presenter import PlacementPresenter
from app.presenters.server import ServerPresenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """The presenters."""

    chat: ChatPresenter
    models: ModelsPresenter
    machine: MachinePresenter
    server: ServerPresenter
    get_model: GetModelPresenter
    appearance: AppearancePresenter
    placement: PlacementPresenter
    calibration: CalibrationPresenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the window finds what it shows, and what it says about itself."""

    icon: Path
    models_folder: Path
    about: Callable[[], str]
