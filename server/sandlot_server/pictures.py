"""Pictures that the server makes: thumbnails of images, and avatars."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache

from PIL import Image, ImageDraw, UnidentifiedImageError

PNG, SVG = "image/png", "image/svg+xml"
# Formats that both products make thumbnails of. Larger pictures than this are not opened.
_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "WEBP")
_MOST_PIXELS = 32_000_000


def is_image(media_type: str) -> bool:
    """Whether a thumbnail is to be had of a file."""
    return media_type in ("image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp")


def thumbnail(content: bytes, width: int, height: int) -> bytes | None:
    """An image as a PNG that fits into the given size; None where the bytes are no image."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            image.thumbnail((width, height))
            return _png(image.convert("RGBA"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


@lru_cache(maxsize=256)
def placeholder(width: int, height: int) -> bytes:
    """The thumbnail of what is no image: a sheet of paper."""
    image = Image.new("RGBA", (width, height))
    edges = [width // 5, height // 10, width - 1 - width // 5, height - 1 - height // 10]
    ImageDraw.Draw(image).rectangle(edges, fill="#f4f5f7", outline="#7a869a")
    return _png(image)


@lru_cache(maxsize=256)
def avatar_png(name: str, size: int) -> bytes:
    """A figure of a size, in the colour that its name gives it."""
    # Drawn large and made smaller, which smooths its edges.
    image = Image.new("RGBA", (256, 256), _colour(name))
    draw = ImageDraw.Draw(image)
    draw.ellipse([80, 48, 176, 144], fill="white")
    draw.ellipse([48, 160, 208, 320], fill="white")
    return _png(image.resize((size, size)))


@lru_cache(maxsize=256)
def avatar_svg(name: str, size: int) -> bytes:
    figure = '<circle cx="128" cy="96" r="48" fill="#fff"/><circle cx="128" cy="240" r="80" fill="#fff"/>'
    ground = f'<rect width="256" height="256" fill="{_colour(name)}"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 256 256">'
    return f"{head}{ground}{figure}</svg>".encode()


def _colour(name: str) -> str:
    hue = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big") % 360
    return f"hsl({hue}, 55%, 45%)"


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
