"""The papers people bring: one tiny photograph and one blank sheet stand for all of them."""

from __future__ import annotations

import base64

from definitions.shared.materials import MATERIALS

PHOTO = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////"
    "////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
"""A photograph of one point."""
SHEET = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Size 4/Root 1 0 R>>\n%%EOF\n"
)
"""A blank page."""


def paper(kind: str) -> tuple[str, bytes]:
    """Name and bytes of a paper of this kind."""
    return (f"{MATERIALS[kind]}.jpg", PHOTO) if kind.endswith("_photo") else (f"{MATERIALS[kind]}.pdf", SHEET)
