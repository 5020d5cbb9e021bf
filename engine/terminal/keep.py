"""`rm` and `verify`: what becomes of the models on the shelf."""

import json
import sys

from engine.config import EngineConfig, Home
from engine.errors import BadRequest, ModelError
from engine.host.keeper import ORIGIN_NAMES
from engine.library.files import Origin, Soundness, Verified
from engine.library.shelf_model import ShelfModel
from engine.terminal.desk import keeping, let_owner_look
from engine.terminal.progress import bar
from engine.terminal.screen import MovingLine, size_text

_SAID = {
    Soundness.SOUND: "sound",
    Soundness.DAMAGED: "damaged",
    Soundness.UNKNOWN: "readable, but nobody told a hash to compare it with",
}


async def remove(home: Home, config: EngineConfig, name: str, *, yes: bool, as_json: bool) -> None:
    """Move a model to the bin, once the person agrees. Raises EngineError."""
    async with keeping(home, config) as (shelf, keeper):
        model = await shelf.find(name)
        if not yes and not _agreed(model):
            print(f"{model.id} stays.")
            return
        await keeper.delete(model.id, sure=True)
    await let_owner_look(home)
    if as_json:
        files = [str(file) for file in model.files]
        print(json.dumps({"id": model.id, "files": files, "size_bytes": model.size_bytes}))
    else:
        print(f"{model.id} is in the bin. Emptying it frees {size_text(model.size_bytes)}.")


async def verify(home: Home, config: EngineConfig, name: str | None, *, as_json: bool) -> None:
    """Hash one model, or all, and say which are sound. Raises ModelError if one is not."""
    line = MovingLine()
    found: list[Verified] = []
    unread: list[str] = []
    async with keeping(home, config) as (shelf, keeper):
        models = shelf.models if name is None else (await shelf.find(name),)
        try:
            for number, model in enumerate(models, 1):
                which = f"{number}/{len(models)}  {model.id}"

                def tell(fraction: float, which: str = which) -> None:
                    line.show(f"{which}  {bar(fraction)}")

                try:
                    found.append(await keeper.verify(model.id, tell))
                except ModelError as error:  # the others are to be verified all the same
                    unread.append(error.sentence)
        finally:
            line.clear()
    if as_json:
        rows = [_verified_json(one) for one in found]
        print(json.dumps({"models": rows, "unread": unread}, indent=2))
    elif found or unread:
        print("\n".join([*(f"{one.model}: {_SAID[one.soundness]}" for one in found), *unread]))
    else:
        print("There are no models to verify.")
    damaged = [one.model for one in found if one.soundness is Soundness.DAMAGED]
    if damaged:
        raise ModelError(
            f"Damaged: {', '.join(damaged)}.", remedy="Remove what is damaged and pull it again."
        )
    if unread:
        raise ModelError("Not all could be read.", remedy="Verify again when their disk is there.")


def _agreed(model: ShelfModel) -> bool:
    if not sys.stdin.isatty():
        raise BadRequest(
            "Nobody is there to ask whether the model may go.", remedy="Write --yes to agree."
        )
    whose = "" if model.origin is Origin.FULLBORE else f" in {ORIGIN_NAMES[model.origin]}"
    files = "1 file" if len(model.files) == 1 else f"{len(model.files)} files"
    asked = f"Move {model.id}{whose} to the bin ({files}, {size_text(model.size_bytes)})? [y/N] "
    try:
        return input(asked).strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _verified_json(verified: Verified) -> dict[str, object]:
    return {
        "id": verified.model,
        "soundness": verified.soundness.value,
        "hashes": list(verified.hashes),
    }
