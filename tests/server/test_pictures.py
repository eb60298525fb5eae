from __future__ import annotations

import io

from PIL import Image

from sandlot_server.pictures import avatar_png, avatar_svg, placeholder, thumbnail


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG"
    return image


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind)
    return out.getvalue()


def test_a_thumbnail_fits_and_keeps_its_proportions() -> None:
    small = thumbnail(picture(400, 100), 200, 200)
    assert small is not None
    assert opened(small).size == (200, 50)
    red, green, blue, alpha = opened(small).getpixel((10, 10))  # type: ignore[misc]
    assert (red > 250, green < 5, blue < 5, alpha) == (True, True, True, 255)


def test_what_is_small_stays_as_it_is() -> None:
    same = thumbnail(picture(20, 10, "GIF"), 200, 200)
    assert same is not None
    assert opened(same).size == (20, 10)


def test_no_thumbnail_of_what_is_no_image() -> None:
    assert thumbnail(b"", 10, 10) is None
    assert thumbnail(b"\x89PNG\r\n\x1a\nand no more", 10, 10) is None
    assert thumbnail(picture(20, 10)[:200], 10, 10) is None
    assert thumbnail(picture(10, 10, "TIFF"), 10, 10) is None


def test_pictures_of_the_server() -> None:
    assert opened(placeholder(30, 40)).size == (30, 40)
    assert opened(placeholder(1, 1)).size == (1, 1)
    assert opened(avatar_png("user/1", 24)).size == (24, 24)
    assert avatar_png("user/1", 24) != avatar_png("user/2", 24)
    assert avatar_svg("user/1", 24).startswith(b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"')
