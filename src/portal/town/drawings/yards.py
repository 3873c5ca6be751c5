"""What goes wrong in yards, before it is mended and after."""

from portal.town.drawings.canvas import Canvas
from portal.town.drawings.places import bush, lawn, windows, yard


def bins(c: Canvas, mended: bool) -> None:
    yard(c)
    body, lid = c.chance.choice((("#2f7d5b", "#25664a"), ("#3c6fa8", "#2d5789"), ("#7d8791", "#626b75")))
    c.shadow(160, 210, 128, 7)
    c.rect(42, 116, 236, 8, "#5c6b5e")
    c.rect(42, 124, 5, 84, "#5c6b5e")
    c.rect(273, 124, 5, 84, "#5c6b5e")
    c.rect(47, 124, 226, 62, "#6f7f71", 120)
    if not mended:
        for x, y, r in ((86, 136, 17), (112, 132, 14), (150, 130, 18), (186, 134, 13), (228, 134, 17)):
            bag(c, x, y + 6, r)
    for x in (62, 132, 202):
        c.shape(((x, 146), (x + 58, 146), (x + 52, 208), (x + 6, 208)), body)
        c.rect(x - 3, 140 if mended else 144, 64, 8, lid, round_by=1.5)
        for rib in (12, 29, 45):
            c.rect(x + rib, 156, 2.6, 42, lid)
        c.disc(x + 12, 209, 4, 4, "#30353c")
        c.disc(x + 46, 209, 4, 4, "#30353c")
    if mended:
        return
    c.shape(((168, 212), (214, 208), (214, 184), (168, 186)), "#c49a63")
    c.shape(((168, 186), (190, 180), (228, 180), (214, 184)), "#d8b27f")
    for x, y, r in ((52, 210, 16), (256, 208, 18), (122, 216, 13), (236, 220, 11)):
        bag(c, x, y, r)
    c.scattered("#e9e4d6", (30, 206, 260, 26), 30, 1.8)


def bag(c: Canvas, x: float, y: float, r: float) -> None:
    colour = c.one("#3a3f4a", "#dfe2e5", "#50607a", "#474b45")
    c.disc(x, y, r, r * 0.92, colour)
    c.shape(
        (
            (x - r * 0.25, y - r * 0.75),
            (x + r * 0.25, y - r * 0.75),
            (x + r * 0.34, y - r * 1.3),
            (x - r * 0.3, y - r * 1.25),
        ),
        colour,
    )
    c.disc(x - r * 0.3, y - r * 0.3, r * 0.34, r * 0.26, "#ffffff", 40)


def icicles(c: Canvas, mended: bool) -> None:
    wall = c.one("#d8c7b2", "#c9d2d8", "#d9d3c7", "#cdbfae")
    c.rect(18, 62, 284, 150, wall)
    for column in range(8):
        for row in range(2):
            if row == 0 or column not in (3, 4):
                windows(c, 34 + column * 34, 92 + row * 50, c.chance.random() < 0.1, False)
    c.rect(138, 150, 46, 62, "#6b5648")
    c.rect(159, 150, 2, 62, "#4f3e33")
    c.rect(128, 142, 66, 6, "#7c8894")
    c.rect(0, 208, 320, 40, "#eef3f8")
    c.shape(((132, 212), (190, 212), (216, 240), (106, 240)), "#b9c1c9")
    c.rect(4, 46, 312, 17, "#f7fafc" if not mended else "#8d979f", round_by=4)
    c.rect(8, 60, 304, 4, "#7c8894")
    for dx in (46, 268):
        c.line(((dx, 64), (dx, 208)), 4, "#8d979f")
    if mended:
        return
    for x in range(14, 308, 7):
        long = c.between(8, 44) * (1.25 if 110 < x < 215 else 0.8)
        c.shape(((x, 63), (x + 6.5, 63), (x + 3, 63 + long)), "#cfe6f5")
        c.shape(((x + 1, 63), (x + 3, 63), (x + 2.6, 63 + long * 0.8)), "#ffffff", 190)
    c.scattered("#d7e9f6", (100, 212, 120, 22), 30, 1.8)


def dogs(c: Canvas, mended: bool) -> None:
    lawn(c, 156)
    c.shape(((0, 206), (320, 196), (320, 240), (0, 240)), "#b9b4a6")
    for x in range(0, 320, 18):
        c.rect(x, 140, 13, 42, "#a98a66")
        c.shape(((x, 140), (x + 6.5, 133), (x + 13, 140)), "#a98a66")
    for y in (148, 170):
        c.rect(0, y, 320, 4, "#8d7253")
    if mended:
        bush(c, c.between(60, 120), 196, 1.1)
        return
    for x, y, size in ((52, 206, 0.95), (118, 214, 1.15), (186, 202, 0.85), (236, 218, 1.2), (290, 204, 0.8)):
        dog(c, x + c.between(-8, 8), y, size)


def dog(c: Canvas, x: float, y: float, size: float) -> None:
    coat = c.one("#6b5138", "#3d3a38", "#b07a45", "#c9b291", "#8a8179")
    way = c.chance.choice((-1, 1))
    c.shadow(x, y + 1, 22 * size, 3.4 * size)
    for dx in (-13, -8, 9, 14):
        c.line(((x + dx * size, y - 14 * size), (x + (dx + way) * size, y)), 3.6 * size, coat)
    c.disc(x, y - 18 * size, 19 * size, 8.6 * size, coat)
    c.line(((x - way * 17 * size, y - 21 * size), (x - way * 26 * size, y - 32 * size)), 3.4 * size, coat)
    c.line(((x + way * 14 * size, y - 20 * size), (x + way * 20 * size, y - 30 * size)), 8 * size, coat)
    c.disc(x + way * 21 * size, y - 32 * size, 8 * size, 6.8 * size, coat)
    c.disc(x + way * 28 * size, y - 30 * size, 5 * size, 3.6 * size, coat)
    c.disc(x + way * 32 * size, y - 31 * size, 1.4 * size, 1.2 * size, "#15171a")
    c.shape(
        (
            (x + way * 15 * size, y - 36 * size),
            (x + way * 20 * size, y - 37 * size),
            (x + way * 15 * size, y - 44 * size),
        ),
        coat,
    )
    c.disc(x + way * 23 * size, y - 34 * size, 1.1 * size, 1.1 * size, "#15171a")


def dump(c: Canvas, mended: bool) -> None:
    lawn(c, 150)
    for x in (14, 84, 154):
        c.rect(x, 106, 66, 54, c.one("#8a7f76", "#7f8a8e", "#93857a"))
        c.rect(x + 10, 118, 46, 42, c.one("#5d6b78", "#6d5a4c", "#586b5c"))
        c.rect(x - 2, 101, 70, 7, "#5c636b")
    c.shape(((0, 168), (320, 162), (320, 240), (0, 240)), "#b1a88f")
    c.scattered("#9d957e", (0, 172, 320, 62), 70, 1.0)
    if mended:
        for x in (40, 150, 262):
            bush(c, x + c.between(-10, 10), 172, 0.7)
        return
    c.shadow(170, 220, 132, 9)
    c.blob(((50, 222), (96, 184), (150, 160), (206, 172), (262, 192), (292, 222), (170, 232)), "#7d7568")
    for a, b in (((96, 196), (168, 158)), ((190, 170), (262, 206)), ((130, 222), (214, 186))):
        c.line((a, b), 5, c.one("#b98d5c", "#a47a4d"))
    for x, y, r in ((92, 206, 15), (138, 186, 16), (188, 196, 17), (236, 206, 15), (164, 216, 14), (208, 220, 12)):
        bag(c, x, y, r)
    for x, y in ((66, 220), (262, 222), (116, 224)):
        c.disc(x, y, 17, 10, "#2a2d32")
        c.disc(x, y - 1, 8, 4.4, "#6f6a5f")


def car(c: Canvas, mended: bool) -> None:
    yard(c, 156)
    for x in (60, 168, 276):
        c.shape(((x, 190), (x + 3, 190), (x + 18, 236), (x + 13, 236)), "#e6e8ea")
    if mended:
        return
    paint, dark = c.chance.choice((("#8c5a4a", "#6d4438"), ("#6f7f6a", "#566452"), ("#7f8fa3", "#62708a")))
    c.shadow(160, 220, 106, 8)
    c.blob(((62, 214), (60, 192), (92, 184), (122, 160), (196, 158), (224, 182), (262, 190), (264, 214)), paint)
    c.shape(((110, 182), (128, 165), (156, 164), (156, 183)), "#9fb4c2")
    c.shape(((162, 164), (192, 164), (214, 184), (162, 184)), "#9fb4c2")
    for end in ((186, 168), (200, 182), (170, 178)):
        c.line(((184, 175), end), 0.7, "#eaf2f7")
    c.blob(((70, 196), (88, 192), (104, 200), (90, 208), (72, 206)), "#a8693f")
    c.rect(60, 206, 206, 7, dark)
    plate(c, 240, 205)
    for x in (100, 226):
        c.disc(x, 214, 17, 12, "#23262b")
        c.disc(x, 212, 8, 6.4, "#8d9399")
        c.disc(x, 224, 20, 3.6, "#23262b")
    c.scattered("#c49a63", (50, 216, 230, 16), 34, 1.6)


def plate(c: Canvas, x: float, y: float) -> None:
    """Of a number that nobody has: enough to see what a moderator covers."""
    c.rect(x, y, 22, 7, "#f4f6f7")
    for letter in range(6):
        c.rect(x + 2 + letter * 3.1, y + 1.6, 1.9, 3.8, "#1d242c")
