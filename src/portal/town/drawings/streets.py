"""What goes wrong in the street, before it is mended and after."""

from math import cos, pi, sin

from portal.town.drawings.canvas import Canvas, Point
from portal.town.drawings.places import road, skyline, tree


def ring(c: Canvas, x: float, y: float, rx: float, ry: float, ragged: float) -> list[Point]:
    """Points of an uneven oval."""
    return [
        (x + cos(a) * rx * c.between(1 - ragged, 1 + ragged), y + sin(a) * ry * c.between(1 - ragged, 1 + ragged))
        for a in (2 * pi * i / 12 for i in range(12))
    ]


def pothole(c: Canvas, mended: bool) -> None:
    road(c)
    x, y, r = c.between(208, 232), c.between(196, 206), c.between(40, 52)
    if mended:
        c.shape(((x - r, y - 17), (x + r * 0.7, y - 19), (x + r * 1.25, y + 17), (x - r * 1.02, y + 19)), "#474d54")
        c.scattered("#565c64", (x - r * 0.8, y - 13, r * 1.6, 26), 60, 0.7)
        return
    c.blob(ring(c, x, y, r * 1.12, 21, 0.08), "#595f67")
    c.blob(ring(c, x, y, r, 17, 0.1), "#3a3f46")
    c.blob(ring(c, x + 2, y + 3, r * 0.72, 10.5, 0.08), "#86abc7")
    c.line(((x - 18, y + 1), (x - 2, y - 2), (x + 14, y)), 1.4, "#d7e8f3")
    for dx, dy in ((-1.6, -6), (1.55, 8), (-1.3, 14)):
        c.line(
            ((x + r * dx * 0.7, y + dy * 0.6), (x + r * dx * 0.86, y + dy), (x + r * dx, y + dy * 0.7)), 1, "#4b5057"
        )
    c.scattered("#4a4f56", (x - r * 1.3, y - 20, r * 2.6, 44), 26, 1.2)


def manhole(c: Canvas, mended: bool) -> None:
    road(c)
    x, y = c.between(196, 226), c.between(194, 206)
    c.disc(x, y, 34, 14.5, "#575d65")
    if mended:
        lid(c, x, y, 29)
        return
    c.disc(x, y, 29, 12, "#22262c")
    c.disc(x, y + 2.6, 27, 9.4, "#0f1216")
    c.disc(x + 52, y + 16, 31, 13, "#1b2430", 70)
    lid(c, x + 50, y + 13, 29)
    c.line(((x - 6, y + 6), (x - 2, y - 40)), 2, "#6a4c33")
    c.line(((x - 3, y - 26), (x + 7, y - 38)), 1.4, "#6a4c33")
    c.rect(x - 9, y - 46, 13, 9, "#d5433a")


def lid(c: Canvas, x: float, y: float, r: float) -> None:
    c.disc(x, y, r, r * 0.42, "#444a52")
    c.disc(x, y - 1, r * 0.95, r * 0.39, "#6d747d")
    c.disc(x, y - 1, r * 0.72, r * 0.29, "#5a616a")
    c.disc(x, y - 1, r * 0.5, r * 0.2, "#6d747d")
    for dx in (-0.3, 0, 0.3):
        c.disc(x + dx * r, y - 1, r * 0.07, r * 0.04, "#444a52")


def leak(c: Canvas, mended: bool) -> None:
    road(c)
    x, y = c.between(150, 186), c.between(176, 186)
    if mended:
        c.shape(((x - 38, y - 10), (x + 36, y - 12), (x + 50, y + 16), (x - 50, y + 18)), "#474d54")
        c.scattered("#565c64", (x - 40, y - 8, 80, 22), 50, 0.7)
        return
    c.blob(ring(c, x + 16, y + 30, 118, 30, 0.1), "#7fb0d3")
    c.blob(ring(c, x + 22, y + 34, 86, 17, 0.12), "#93c0de")
    c.line(((x - 70, y + 32), (x - 10, y + 24), (x + 60, y + 26)), 1.8, "#d4e8f5")
    c.disc(x, y, 26, 9, "#3b4047")
    for dx, high in ((-22, 40), (-12, 62), (0, 78), (13, 60), (24, 38)):
        top = y - high * c.between(0.85, 1.1)
        c.line(((x + dx * 0.15, y), (x + dx * 0.5, top + 8), (x + dx, top), (x + dx * 1.5, top + 12)), 3.2, "#c9e4f5")
    c.scattered("#e2f1fa", (x - 46, y - 80, 92, 90), 46, 1.1)


def snow(c: Canvas, mended: bool) -> None:
    skyline(c, 168, snow=True, lit=0.06)
    c.blob(((-20, 172), (80, 158), (170, 168), (250, 160), (340, 168), (340, 260), (-20, 260)), "#f4f8fc")
    tree(c, c.between(250, 290), 196, 0.95, bare=True)
    if mended:
        c.shape(((132, 166), (176, 166), (232, 240), (62, 240)), "#8d939b")
        c.scattered("#b59a6a", (96, 180, 110, 58), 150, 0.9)
        c.blob(((50, 246), (84, 200), (128, 166), (112, 190), (84, 246)), "#e3ebf3")
        c.blob(((216, 246), (200, 200), (178, 166), (206, 190), (254, 246)), "#e3ebf3")
        return
    c.blob(((60, 250), (104, 204), (140, 172), (176, 170), (186, 200), (236, 250)), "#c9d6e2")
    for x, y, r in ((70, 214, 46), (220, 222, 54), (146, 236, 40)):
        c.blob(ring(c, x + c.between(-8, 8), y, r, 17, 0.12), "#ffffff")
        c.blob(ring(c, x, y + 9, r * 0.8, 8, 0.12), "#dfe8f1")
    for step in range(5):
        c.disc(150 + (step % 2) * 9 - step * 3, 184 + step * 11, 2.4 + step * 0.5, 1.5 + step * 0.3, "#a9bac9")
    c.scattered("#ffffff", (0, 0, 320, 230), 120, 1.0)


def lamp(c: Canvas, mended: bool) -> None:
    skyline(c, 206, lit=0.3)
    for _ in range(28):
        c.disc(c.between(0, 320), c.between(0, 70), 0.5, 0.5, "#dfe6ff")
    c.rect(0, 196, 320, 44, "#1c2440")
    c.rect(0, 196, 320, 3, "#2b365c")
    for dash in range(0, 320, 44):
        c.rect(dash, 219, 26, 2.6, "#38446c")
    x = c.between(128, 168)
    head = x + 42
    if mended:
        for spread, alpha in ((1.25, 16), (1.0, 26), (0.72, 34)):
            c.shape(
                ((head - 8, 58), (head + 8, 58), (head + 78 * spread, 214), (head - 78 * spread, 214)), "#ffe3a0", alpha
            )
            c.disc(head, 214, 82 * spread, 11 * spread, "#ffe3a0", alpha + 22)
        for r in (52, 38, 26, 17):
            c.disc(head, 62, r, r, "#ffe9b5", 30)
    c.line(((x, 206), (x, 62), (x + 4, 50), (x + 14, 45), (x + 38, 44)), 5.6, "#0c1228")
    c.shape(((head - 18, 43), (head + 20, 43), (head + 12, 57), (head - 12, 57)), "#0c1228")
    c.shape(((head - 12, 57), (head + 12, 57), (head + 8, 63), (head - 8, 63)), "#fff3cf" if mended else "#3c476e")
    c.rect(x - 5, 202, 10, 6, "#0c1228")


def stop(c: Canvas, mended: bool) -> None:
    skyline(c, 172)
    c.rect(0, 170, 320, 70, "#797f87")
    c.rect(0, 168, 320, 16, "#c2c6ca")
    for x in range(-10, 320, 52):
        c.rect(x, 212, 30, 3.4, "#d9dcdf")
    frame = c.one("#1e4fa3", "#2f6f5c", "#7d3b47")
    c.shadow(138, 178, 96, 5)
    c.rect(70, 82, 62, 70, "#dcebf5", 170)
    c.rect(144, 82, 62, 70, "#dcebf5", 170)
    for x in (62, 136, 212):
        c.rect(x, 74, 5, 104, "#39506f")
    c.rect(52, 64, 174, 11, frame, round_by=2)
    c.shape(((76, 88), (98, 88), (76, 116)), "#ffffff", 90)
    if mended:
        c.shape(((150, 88), (172, 88), (150, 116)), "#ffffff", 90)
        bench_of_stop(c, 78)
    else:
        c.shape(((148, 82), (206, 82), (206, 152), (190, 152), (178, 120), (188, 106), (164, 96)), "#93a7b6")
        for end in ((150, 118), (172, 140), (196, 92), (200, 130)):
            c.line(((178, 110), end), 0.9, "#eef6fb")
        c.scattered("#dcebf5", (140, 178, 80, 22), 26, 1.5)
        c.line(((80, 160), (140, 170)), 4.5, "#8b5a3a")
    c.line(((252, 58), (252, 178)), 3.6, "#39506f")
    c.rect(237, 44, 31, 31, "#ffd24a", round_by=3)
    c.rect(245, 51, 15, 13, "#1d2733", round_by=2)
    c.disc(248.5, 66.5, 2, 2, "#1d2733")
    c.disc(256.5, 66.5, 2, 2, "#1d2733")


def bench_of_stop(c: Canvas, x: float) -> None:
    c.rect(x, 154, 122, 6, "#8b5a3a", round_by=1)
    for leg in (10, 106):
        c.rect(x + leg, 160, 4, 16, "#39506f")
