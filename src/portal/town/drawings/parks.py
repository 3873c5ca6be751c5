"""What goes wrong in parks and on playgrounds, before it is mended and after."""

from portal.town.drawings.canvas import Canvas
from portal.town.drawings.places import bush, lawn, tree


def swing(c: Canvas, mended: bool) -> None:
    lawn(c)
    for x in (26, 296):
        tree(c, x, 186, c.between(0.9, 1.2))
    c.blob(((30, 240), (44, 212), (110, 192), (210, 192), (280, 212), (296, 244)), "#dcc48f")
    frame, seat = c.chance.choice((("#c94a3a", "#2d6cc0"), ("#2f7d9b", "#e0a52f"), ("#5a9c4b", "#d1483e")))
    c.shadow(160, 210, 84, 5)
    for a, b in (((84, 208), (112, 72)), ((140, 206), (112, 72)), ((180, 206), (208, 72)), ((236, 208), (208, 72))):
        c.line((a, b), 5, frame)
    c.line(((108, 72), (212, 72)), 6, frame)
    hung_seat(c, 130, seat)
    if mended:
        hung_seat(c, 176, seat)
        return
    c.line(((178, 75), (190, 128)), 1.6, "#4d5560")
    c.shape(((182, 190), (210, 200), (207, 208), (179, 197)), seat)
    c.line(((188, 193), (196, 176), (204, 184)), 1.6, "#4d5560")


def hung_seat(c: Canvas, x: float, colour: str) -> None:
    for dx in (1, 21):
        c.line(((x + dx, 75), (x + dx, 164)), 1.6, "#4d5560")
    c.rect(x - 3, 163, 28, 6, colour, round_by=2)


def fallen(c: Canvas, mended: bool) -> None:
    lawn(c, 164)
    c.shape(((96, 170), (214, 166), (300, 240), (40, 240)), "#b3b0a6")
    bush(c, c.between(20, 50), 188, 1.3)
    if mended:
        c.disc(70, 200, 12, 5, "#6a4c33")
        c.disc(70, 197, 11, 4.2, "#d3a873")
        c.disc(70, 197, 5, 2, "#b98d5c")
        c.scattered("#dcc08f", (40, 200, 70, 16), 40, 0.9)
        return
    c.shadow(160, 214, 130, 7)
    c.line(((18, 204), (214, 176)), 13, "#5d4431")
    c.line(((20, 201), (200, 175)), 3, "#79593f")
    for a, b in (
        ((130, 188), (168, 140)),
        ((160, 184), (214, 172)),
        ((100, 194), (122, 224)),
        ((190, 180), (244, 210)),
    ):
        c.line((a, b), 5.5, "#5d4431")
    for x, y, r in ((184, 140, 28), (226, 164, 34), (206, 196, 27), (250, 204, 22), (124, 226, 16), (170, 152, 17)):
        c.disc(x, y, r, r * 0.9, c.one("#5c8a4a", "#6b9a55", "#4f7d40"))
        c.disc(x - r * 0.3, y - r * 0.35, r * 0.5, r * 0.4, "#8ab56f", 120)
    c.scattered("#5c8a4a", (60, 206, 220, 28), 60, 1.3)


def graffiti(c: Canvas, mended: bool) -> None:
    lawn(c, 168)
    c.shadow(162, 206, 116, 6)
    c.rect(62, 76, 196, 130, "#d9cba9" if mended else "#c7bb9d")
    c.shape(((52, 78), (74, 58), (246, 58), (268, 78)), "#7c8894")
    c.rect(206, 120, 36, 86, "#5d6b78")
    c.rect(212, 128, 24, 3, "#46525d")
    c.rect(212, 136, 24, 3, "#46525d")
    c.shape(((224, 150), (218, 166), (224, 166), (220, 180), (232, 162), (226, 162), (230, 150)), "#ffd24a")
    if mended:
        return
    for colour in ("#d1483e", "#2d6cc0", "#1d2733"):
        x, y = c.between(76, 100), c.between(104, 170)
        points = [(x + i * 13, y + (-1) ** i * c.between(4, 17)) for i in range(8)]
        c.line(points, 4.2, colour)
    c.disc(112, 120, 16, 15, "#5a9c4b", 200)
    c.disc(112, 120, 9, 8, "#c7bb9d")


def bench(c: Canvas, mended: bool) -> None:
    lawn(c, 150)
    for x in (36, 288):
        tree(c, x, 180, c.between(1.0, 1.35))
    c.shape(((0, 206), (320, 200), (320, 240), (0, 240)), "#c9bfa8")
    wood = c.one("#a4703f", "#8b5a3a", "#b98547")
    c.shadow(160, 214, 84, 5)
    for x in (94, 216):
        c.line(((x, 214), (x + 2, 176), (x - 3, 140)), 4.6, "#3e454d")
        c.line(((x + 1, 182), (x + 14, 186), (x + 14, 214)), 4, "#3e454d")
    for y in (146, 156, 166):
        if mended or y != 156:
            c.rect(80, y, 152, 6, wood, round_by=1)
    c.rect(78, 180, 158, 6, wood, round_by=1)
    if mended:
        c.rect(76, 188, 162, 6, wood, round_by=1)
        bin_small(c, 262)
        return
    c.line(((82, 158), (150, 200)), 5.4, wood)
    c.rect(184, 188, 54, 6, wood, round_by=1)
    c.line(((120, 220), (176, 226)), 5.4, wood)
    c.scattered("#e9e4d6", (90, 212, 150, 20), 22, 1.7)


def bin_small(c: Canvas, x: float) -> None:
    c.shape(((x, 182), (x + 22, 182), (x + 19, 214), (x + 3, 214)), "#5c6b5e")
    c.rect(x - 2, 179, 26, 5, "#48554a", round_by=1)
