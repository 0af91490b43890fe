"""Evidence files: small PDF documents, the same bytes for the same text."""

OBJECTS = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>"
    ),
)
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def paper(text: str) -> bytes:
    """A page with one line; letters that Helvetica lacks are left out of the picture."""
    line = text.encode("ascii", "ignore").decode().translate(str.maketrans("()\\", "   "))
    drawn = f"BT /F1 12 Tf 60 780 Td ({line}) Tj ET % {text.encode().hex()}"
    content = f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
    written, offsets = "%PDF-1.4\n", []
    for number, body in enumerate((*OBJECTS, content, FONT), start=1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    count = len(offsets) + 1
    return (
        f"{written}xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    ).encode()
