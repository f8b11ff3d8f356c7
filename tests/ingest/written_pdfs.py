"""PDFs written object by object, as no program would write them."""

from __future__ import annotations


def a_pdf(*objects: str) -> bytes:
    """The first of the objects is the catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count} /Root 1 0 R>>\n"
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()


def a_page(content: str, kids: int = 1) -> bytes:
    return a_pdf(
        "<</Type /Catalog /Pages 2 0 R>>",
        f"<</Type /Pages /Count {kids} /Kids [{'3 0 R ' * kids}]>>",
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
        " /Resources <</Font <</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    )


def nested_forms(depth: int, times: int) -> bytes:
    """A page with a form that shows another so many times, and so on: few bytes, many words."""
    shown = ["/X Do " * times] * depth + ["BT /F 9 Tf (The tide.) Tj ET"]
    means = [f"/XObject <</X {number + 7} 0 R>>" for number in range(depth)]
    forms = (
        f"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <<{needed}>>"
        f" /Length {len(content)}>>\nstream\n{content}\nendstream"
        for content, needed in zip(shown, [*means, "/Font <</F 5 0 R>>"], strict=True)
    )
    return a_pdf(
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Count 1 /Kids [3 0 R]>>",
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
        " /Resources <</XObject <</X 6 0 R>>>>>>",
        "<</Length 5>>\nstream\n/X Do\nendstream",
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        *forms,
    )
