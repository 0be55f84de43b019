"""A lender's brand: one accent color in, ten safe tokens out.

Contrast goals are those of the look: 7:1 for text, 3:1 for controls and lines (WCAG 2.2, 1.4.6 and 1.4.11).
Colors are mixed in OKLCH (Björn Ottosson, public domain), where equal steps look equal.
"""

import math
import re

#: The grounds that brand colors stand on, as in the stylesheet (a house test compares the two).
LIGHT = {"ground": "#dfe8e2", "sheet": "#fcfdfb", "shelf": "#cfdcd4"}
DARK = {"ground": "#121a17", "sheet": "#1b2521", "shelf": "#0b110e"}
ACCENT = "#5a2a63"  # aubergine, the house's own

_TEXT, _LINE = 7.05, 3.05  # a hair above 7:1 and 3:1, because hex colors are steps
_CHROMA = 0.12  # calm: no accent shouts
_RED_CHROMA = 0.06  # reds turn to brown or rosewood, so that nothing looks like an error


def is_color(text: str) -> bool:
    """Return whether a text is a color of the form #rrggbb."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def contrast(one: str, two: str) -> float:
    """Return the WCAG contrast ratio of two colors of the form #rrggbb, from 1 to 21."""
    first, second = _luminance(one), _luminance(two)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def lch(color: str) -> tuple[float, float, float]:
    """Return OKLCH lightness (0 to 1), chroma and hue (degrees) of a color of the form #rrggbb."""
    red, green, blue = _rgb(color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    x = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    y = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, math.hypot(x, y), math.degrees(math.atan2(y, x)) % 360


def shade(*, light: float, chroma: float, hue: float) -> str:
    """Return the color #rrggbb of an OKLCH triple, its chroma reduced until it fits sRGB."""
    while True:
        rgb = _mix(light, chroma, hue)
        if chroma < 0.002 or all(-0.0005 <= part <= 1.0005 for part in rgb):
            return "#" + "".join(f"{round(255 * _gamma(min(max(part, 0.0), 1.0))):02x}" for part in rgb)
        chroma -= 0.002


def tokens(accent: str) -> dict[str, dict[str, str]]:
    """Return the brand tokens of the light and of the dark scheme for one accent of the form #rrggbb.

    Every token keeps 7:1 as text and 3:1 as a line on each ground where it stands. Raises ValueError for
    a text that is no such color.
    """
    if not is_color(accent):
        raise ValueError(f"{accent!r} is not a color of the form #rrggbb")
    light, chroma, hue = lch(accent)
    chroma = min(chroma, _CHROMA)
    if hue < 50 or hue > 350:
        chroma = min(chroma, _RED_CHROMA)
    return {"light": _light_tokens(light, chroma, hue), "dark": _dark_tokens(chroma, hue)}


def css(accent: str) -> str:
    """Return the style rules that put a lender's tokens over the house's own. Raises ValueError as `tokens`."""
    made = tokens(accent)
    light, dark = (
        ";".join(f"--{name}:{value}" for name, value in made[k].items()) for k in ("light", "dark")
    )
    return (
        f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        "@media print{:root{--brand:#000;--brand-soft:#fff;--brand-line:#444}}"
    )


def _light_tokens(light: float, chroma: float, hue: float) -> dict[str, str]:
    soft = shade(light=0.94, chroma=min(chroma, 0.022), hue=hue)
    grounds = (LIGHT["ground"], LIGHT["shelf"], soft, "#ffffff")
    at, brand = _until(min(light, 0.5), -0.005, chroma, hue, _TEXT, grounds)
    line = _until(0.7, -0.005, chroma, hue, _LINE, (LIGHT["ground"], soft))[1]
    return {
        "brand": brand,
        "brand-deep": shade(light=at - 0.08, chroma=chroma, hue=hue),
        "on-brand": "#ffffff",
        "brand-soft": soft,
        "brand-line": line,
    }


def _dark_tokens(chroma: float, hue: float) -> dict[str, str]:
    soft = shade(light=0.30, chroma=min(chroma, 0.035), hue=hue)
    grounds = (DARK["sheet"], soft)
    at, brand = _until(0.82, 0.005, min(chroma, 0.085), hue, _TEXT, grounds)
    line = _until(0.45, 0.005, chroma, hue, _LINE, grounds)[1]
    on_brand = _until(0.26, -0.005, chroma, hue, _TEXT, (brand,))[1]
    return {
        "brand": brand,
        "brand-deep": shade(light=min(at + 0.07, 0.95), chroma=min(chroma, 0.06), hue=hue),
        "on-brand": on_brand,
        "brand-soft": soft,
        "brand-line": line,
    }


def _until(  # noqa: PLR0917 - a step of one calculation, not an interface
    light: float, step: float, chroma: float, hue: float, goal: float, grounds: tuple[str, ...]
) -> tuple[float, str]:
    color = shade(light=light, chroma=chroma, hue=hue)
    while 0.05 < light < 0.99 and min(contrast(color, ground) for ground in grounds) < goal:
        light += step
        color = shade(light=light, chroma=chroma, hue=hue)
    return light, color


def _mix(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    x, y = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * x + 0.2158037573 * y) ** 3
    middle = (light - 0.1055613458 * x - 0.0638541728 * y) ** 3
    short = (light - 0.0894841775 * x - 1.2914855480 * y) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _luminance(color: str) -> float:
    red, green, blue = _rgb(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(color[k : k + 2], 16) / 255) for k in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
