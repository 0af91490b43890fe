"""QR codes (ISO/IEC 18004), and the one door to the library that draws them."""

import io

import segno

QUIET_MODULES = 4
"""The white around a code, by which a camera finds it; the standard asks for so much."""


def svg(text: str) -> str:
    """A code for a text, as SVG to be put into a page; a quarter of it may be unreadable."""
    drawn = io.BytesIO()
    segno.make(text, error="q", micro=False).save(
        drawn, kind="svg", border=QUIET_MODULES, xmldecl=False, svgns=True, omitsize=True, nl=False
    )
    return drawn.getvalue().decode()
