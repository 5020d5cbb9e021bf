"""From words on the command line to an exit code."""

import argparse
import asyncio
import errno
import os
import sys
from collections.abc import Mapping, Sequence

from engine.config import EngineConfig, Home, home_from, read_config, unknown_settings
from engine.errors import BadRequest, EngineError
from engine.terminal.arguments import file_or_id, parser
from engine.terminal.bench import bench
from engine.terminal.calibrate import calibrate
from engine.terminal.chat import converse
from engine.terminal.doctor import doctor
from engine.terminal.keep import remove, verify
from engine.terminal.keys import keys
from engine.terminal.pack import pack
from engine.terminal.plan import plan
from engine.terminal.screen import print_failure
from engine.terminal.search import search
from engine.terminal.serve import serve
from engine.terminal.shelf import pull, show_machine, show_shelf


def run(arguments: Sequence[str], environment: Mapping[str, str], version: str) -> int:
    """Do what was asked: 0, or 1 with one sentence on stderr. Usage errors leave with 2."""
    asked = parser(version).parse_args(arguments)
    try:
        home = home_from(environment)
        config = read_config(home.engine_toml)
        home.bring_models_to(config.models_folder)
        if (unknown := unknown_settings(home.engine_toml)) is not None:
            print_failure(unknown)  # what is known of it holds
        if asked.verb == "doctor":
            return asyncio.run(doctor(home, config, as_json=asked.json, quick=asked.quick))
        _do(asked, home, config, environment)
    except EngineError as error:
        print_failure(error)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if not reader_left(error):
            raise
        # Whoever read our output has left; the flush at exit must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def reader_left(error: OSError, system: str = sys.platform) -> bool:
    """Whether nobody reads our output any more, as `more` after its first page."""
    if system == "win32" and error.errno == errno.EINVAL:  # so Windows calls it
        return error.filename is None
    return isinstance(error, BrokenPipeError)


def _do(
    asked: argparse.Namespace, home: Home, config: EngineConfig, environment: Mapping[str, str]
) -> None:
    match asked.verb:
        case "probe":
            show_machine(home, config, as_json=asked.json)
        case "calibrate":
            asyncio.run(calibrate(home, config, as_json=asked.json))
        case "chat":
            converse(home, config, asked)
        case "serve":
            asyncio.run(serve(home, _serving(asked, config), asked, environment))
        case "bench":
            asyncio.run(bench(home, config, asked, environment))
        case "plan":
            asyncio.run(plan(home, config, asked))
        case _:
            _keep(asked, home, config)


def _keep(asked: argparse.Namespace, home: Home, config: EngineConfig) -> None:
    match asked.verb:
        case "list":
            show_shelf(home, config, as_json=asked.json)
        case "search":
            asyncio.run(search(home, config, asked))
        case "pull":
            asyncio.run(pull(home, config, asked.repository, as_json=asked.json))
        case "rm":
            name = file_or_id(asked.model)
            asyncio.run(remove(home, config, name, yes=asked.yes, as_json=asked.json))
        case "pack":
            asyncio.run(pack(home, config, asked.deed, as_json=asked.json))
        case "keys":
            asyncio.run(keys(home, config, asked))
        case "verify":
            asyncio.run(verify(home, config, _model(asked.model), as_json=asked.json))
        case _:
            raise BadRequest(f"There is no verb {asked.verb!r}.")


def _model(word: str | None) -> str | None:
    return None if word is None else file_or_id(word)


def _serving(asked: argparse.Namespace, config: EngineConfig) -> EngineConfig:
    chosen = {
        "host": asked.host,
        "api_key": asked.api_key,
        "tls_certificate": asked.tls_certificate,
        "tls_key": asked.tls_key,
    }
    return config.model_copy(
        update={name: value for name, value in chosen.items() if value is not None}
    )
