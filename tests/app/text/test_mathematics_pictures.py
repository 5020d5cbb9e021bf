"""LaTeX becomes pictures, or a reason why not, within bounds."""

from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter

from app.text.mathematics.picture import Picture, legible
from app.text.mathematics.reading import read_picture
from app.text.mathematics.setter import NotSet, Setter
from tests.app.text.formulas import BOMBS, BROKEN, GOOD

# Letters are drawn with Qt's fonts.
pytestmark = pytest.mark.usefixtures("qapp")

EM = 20
INK = QColor("black")


@pytest.fixture(scope="module")
def setter(bundle: Path) -> Setter:
    return Setter(bundle)


def picture_of(setter: Setter, source: str, *, display: bool = True) -> Picture:
    return read_picture(setter.set(source, display=display))


def drawn(picture: Picture, ink: QColor = INK) -> QImage:
    place = QRectF(0, 0, picture.width * EM, picture.height * EM)
    image = QImage(place.toAlignedRect().size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    picture.paint(painter, place, ink)
    painter.end()
    return image


def colours_in(image: QImage) -> set[str]:
    pixels = ((x, y) for x in range(image.width()) for y in range(image.height()))
    seen = (image.pixelColor(x, y) for x, y in pixels)
    return {colour.name() for colour in seen if colour.alpha() > 250}


@pytest.mark.parametrize("source", GOOD)
@pytest.mark.parametrize("display", [True, False])
def test_that_what_models_write_is_set(setter: Setter, source: str, *, display: bool) -> None:
    picture = picture_of(setter, source, display=display)
    assert 0 < picture.width < 60
    assert 0 < picture.height < 10
    assert colours_in(drawn(picture))


@pytest.mark.parametrize("source", BROKEN)
def test_that_broken_latex_says_why(setter: Setter, source: str) -> None:
    with pytest.raises(NotSet) as refused:
        setter.set(source, display=True)
    assert refused.value.cause == "wrong"
    assert refused.value.words


@pytest.mark.parametrize("source", BOMBS, ids=range(len(BOMBS)))
def test_that_a_bomb_costs_a_second_at_most_and_the_next_formula_is_set(
    setter: Setter, source: str
) -> None:
    began = monotonic()
    with suppress(NotSet):
        read_picture(setter.set(source, display=True))
    # On a machine that does much else, a second of work lasts longer.
    assert monotonic() - began < 8
    assert picture_of(setter, "x^2").width > 0


def test_that_a_formula_cannot_take_all_memory(setter: Setter) -> None:
    greedy = r"\begin{array}{" + "c" * 20 + "}" + r"a&b\\" * 1_900 + r"\end{array}"
    with suppress(NotSet):
        setter.set(greedy, display=True)
    assert picture_of(setter, "x^2").width > 0


def test_that_no_macro_goes_from_one_formula_to_the_next(setter: Setter) -> None:
    setter.set(r"\newcommand{\mine}{x}\mine", display=True)
    with pytest.raises(NotSet):
        setter.set(r"\mine", display=True)


def test_that_a_number_stands_beside_its_formula(setter: Setter) -> None:
    plain = picture_of(setter, "a=b")
    numbered = picture_of(setter, r"a=b \tag{1} \label{one}")
    assert numbered.width > plain.width + 2
    assert picture_of(setter, r"a=b \label{one}").width == plain.width


def test_that_a_label_may_be_said_twice(setter: Setter) -> None:
    for _ in range(2):
        setter.set(r"\begin{equation} a \label{eq:1} \tag{1} \end{equation}", display=True)


@pytest.mark.parametrize("text", ["\x00\x1b[31mx", "\ud800x", "\ufffex", "a\u202eb", "e\u0301"])
def test_that_odd_characters_do_no_harm(setter: Setter, text: str) -> None:
    picture_of(setter, rf"\text{{{text}}}")
    assert picture_of(setter, "x").width > 0


def test_that_a_formula_takes_the_text_s_colour(setter: Setter) -> None:
    picture = picture_of(setter, r"\frac{a}{b}")
    assert "#123456" in colours_in(drawn(picture, QColor("#123456")))


def test_that_a_colour_of_its_own_is_kept_as_far_as_it_can_be_read(setter: Setter) -> None:
    picture = picture_of(setter, r"\textcolor{red}{\rule{1em}{1em}}")
    assert colours_in(drawn(picture)) == {legible("red", INK).name()}
    on_dark, on_light = legible("blue", QColor("white")), legible("yellow", QColor("black"))
    assert on_dark.lightnessF() > 0.6
    assert on_light.lightnessF() < 0.5
    assert legible("no such colour", INK) == INK


def test_that_chinese_is_drawn_where_mathjax_leaves_room(setter: Setter) -> None:
    if QFontDatabase.WritingSystem.SimplifiedChinese not in QFontDatabase.writingSystems():
        pytest.skip("no font with Chinese letters is installed: all would be the same box")
    picture = picture_of(setter, r"\text{速度}")
    assert [letters.text for letters in picture.letters] == ["速", "度"]
    image = drawn(picture)
    half = image.width() // 2
    left, right = image.copy(0, 0, half, image.height()), image.copy(half, 0, half, image.height())
    assert left != right
    assert not left.allGray() or colours_in(left)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        (r"\left|\frac{\frac{x}{y}}{z}\right|", r"\frac{\frac{x}{y}}{z}"),
        (r"\overline{abc}", "abc"),
        (r"\begin{array}{c|c} a & b \end{array}", r"\begin{array}{cc} a & b \end{array}"),
        (r"\underbrace{a+b+c+d+e}", "a+b+c+d+e"),
        (r"\boxed{a}", "a"),
    ],
)
def test_that_what_stretches_is_drawn(setter: Setter, source: str, plain: str) -> None:
    def inked(picture: Picture) -> int:
        image = drawn(picture)
        pixels = ((x, y) for x in range(image.width()) for y in range(image.height()))
        return sum(image.pixelColor(x, y).alpha() for x, y in pixels)

    assert inked(picture_of(setter, source)) > inked(picture_of(setter, plain)) * 1.05
