"""Every colour, distance and radius of the window, for light and for dark."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from app.settings import Accent


@dataclass(frozen=True, kw_only=True)
class Space:
    """Distances in pixels: between things, from near to far."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741  the scale is named like clothes
    xl: int = 24
    xxl: int = 32


@dataclass(frozen=True, kw_only=True)
class Radius:
    """Corner radii in pixels."""

    s: int = 6
    m: int = 9
    l: int = 12  # noqa: E741  as above
    xl: int = 16


@dataclass(frozen=True, kw_only=True)
class FontSize:
    """Heights of text in pixels."""

    tiny: int = 11
    small: int = 12
    plain: int = 13
    title: int = 14
    prose: int = 15


SPACE: Final = Space()
RADIUS: Final = Radius()
FONT: Final = FontSize()


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """One look. Colours are `#rrggbb`."""

    name: str
    dark: bool
    bg: str
    panel: str
    card: str
    border: str
    text: str
    dim: str
    faint: str
    accent: str
    accent_hover: str
    on_accent: str
    bubble: str
    code_bg: str
    code_head: str
    inline_code: str
    selection: str
    hover: str
    pressed: str
    ok: str
    warn: str
    error: str
    error_bg: str
    weights: str
    kv: str
    compute: str
    other: str
    driver: str
    syntax: Mapping[str, str]


DARK: Final = Tokens(
    name="dark",
    dark=True,
    bg="#16181d",
    panel="#111317",
    card="#1e2128",
    border="#2c303a",
    text="#e6e8ee",
    dim="#a2a8b6",
    faint="#7a8193",
    accent="#6c8cff",
    accent_hover="#7f9bff",
    on_accent="#0b0d12",
    bubble="#2a3040",
    code_bg="#0f1115",
    code_head="#191c22",
    inline_code="#2a2e38",
    selection="#35508f",
    hover="#252933",
    pressed="#2e333f",
    ok="#3ecf8e",
    warn="#f5b94b",
    error="#ff6b6b",
    error_bg="#2c1f24",
    weights="#6c8cff",
    kv="#a78bfa",
    compute="#3ecf8e",
    other="#f5b94b",
    driver="#f472b6",
    syntax={
        "keyword": "#c792ea",
        "string": "#9ece6a",
        "number": "#ff9e64",
        "comment": "#7a8193",
        "function": "#7aa2f7",
        "class": "#e0af68",
        "operator": "#89ddff",
        "decorator": "#e0af68",
        "inserted": "#9ece6a",
        "deleted": "#ff6b6b",
        "plain": "#e6e8ee",
    },
)

LIGHT: Final = Tokens(
    name="light",
    dark=False,
    bg="#ffffff",
    panel="#f6f7f9",
    card="#ffffff",
    border="#e3e6ec",
    text="#1b1f27",
    dim="#5b6372",
    faint="#7d8596",
    accent="#3b63f3",
    accent_hover="#2f55df",
    on_accent="#ffffff",
    bubble="#eef1f8",
    code_bg="#f7f8fa",
    code_head="#eef0f4",
    inline_code="#eceff5",
    selection="#bcd0ff",
    hover="#eceef3",
    pressed="#e0e4ec",
    ok="#0f9d63",
    warn="#b7791f",
    error="#d64545",
    error_bg="#fdf1f1",
    weights="#6c8cff",
    kv="#a78bfa",
    compute="#3ecf8e",
    other="#f5b94b",
    driver="#f472b6",
    syntax={
        "keyword": "#8839ef",
        "string": "#3a7d1e",
        "number": "#c4511a",
        "comment": "#7d8596",
        "function": "#1e66f5",
        "class": "#a06a00",
        "operator": "#04708f",
        "decorator": "#a06a00",
        "inserted": "#3a7d1e",
        "deleted": "#d64545",
        "plain": "#1b1f27",
    },
)


@dataclass(frozen=True, kw_only=True)
class Shade:
    """One accent in one look: the colour, under the pointer, and behind chosen text."""

    plain: str
    hover: str
    selection: str


_DARK_SHADES: Final[Mapping[Accent, Shade]] = {
    "blue": Shade(plain=DARK.accent, hover=DARK.accent_hover, selection=DARK.selection),
    "amber": Shade(plain="#f0b049", hover="#f6c06a", selection="#6a4c17"),
    "green": Shade(plain="#3ecf8e", hover="#5edba3", selection="#1d5f43"),
    "violet": Shade(plain="#a78bfa", hover="#b9a2fc", selection="#4f3d8c"),
    "rose": Shade(plain="#f58aa5", hover="#f9a3b9", selection="#7a3347"),
    "graphite": Shade(plain="#b4bac8", hover="#c6cbd6", selection="#4a5162"),
}
_LIGHT_SHADES: Final[Mapping[Accent, Shade]] = {
    "blue": Shade(plain=LIGHT.accent, hover=LIGHT.accent_hover, selection=LIGHT.selection),
    "amber": Shade(plain="#9a5b00", hover="#824d00", selection="#fadfae"),
    "green": Shade(plain="#0b7a4b", hover="#09663f", selection="#b5e8d0"),
    "violet": Shade(plain="#6d3fe0", hover="#5c30c9", selection="#dccffd"),
    "rose": Shade(plain="#c22f5a", hover="#a8264c", selection="#fbcbd8"),
    "graphite": Shade(plain="#4a5160", hover="#3a404d", selection="#d3d8e2"),
}
ACCENTS: Final[tuple[Accent, ...]] = tuple(_DARK_SHADES)


@cache
def tokens_of(accent: Accent, *, dark: bool) -> Tokens:
    """That look with that accent; the same one each time."""
    plain = DARK if dark else LIGHT
    if accent == "blue":
        return plain
    shade = (_DARK_SHADES if dark else _LIGHT_SHADES)[accent]
    return replace(plain, accent=shade.plain, accent_hover=shade.hover, selection=shade.selection)
