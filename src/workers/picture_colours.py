"""Colours of a picture as a screen shows them, whatever the file keeps them in; a part of the child process."""

from io import BytesIO

from PIL import Image, ImageCms

SRGB = ImageCms.createProfile("sRGB")


def eight_bits(picture: Image.Image) -> Image.Image:
    """Palettes become colours, and sixteen bits eight, which Pillow alone would cut off to white."""
    match picture.mode:
        case "P" | "PA":
            return picture.convert("RGBA" if has_holes(picture) else "RGB")
        case "1":
            return picture.convert("L")
        case "I;16" | "I;16L" | "I;16B" | "I":
            wide = picture.convert("I")
            return wide.point(lambda value: value * (1 / 256)).convert("L")
        case "La":
            return picture.convert("LA")
        case "RGBa":
            return picture.convert("RGBA")
        case _ if "transparency" in picture.info:
            return picture.convert("RGBA")
        case _:
            return picture


def has_holes(picture: Image.Image) -> bool:
    return "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA")


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        source = picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")
        try:
            inside = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(source, inside, SRGB, outputMode="RGB") or source
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A broken profile, or one for other colours: the numbers are then taken as they stand.
            return picture.convert("RGB")
    return picture.convert("RGB")
