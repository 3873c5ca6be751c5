"""What stands around every scene: sky, houses, trees, roads and yards, each time a little different."""

from portal.town.drawings.canvas import Canvas

WALLS = ("#d8c7b2", "#c9d2d8", "#d9d3c7", "#cdbfae", "#e2d2bd", "#c8b7a6", "#d5cbd0", "#c3ccb9")
ROOFS = ("#a3644c", "#7c8894", "#8b5b4a", "#9aa2a8", "#6f7d72", "#8d6a5e")


def clouds(c: Canvas) -> None:
    if c.mood == "night":
        return
    for _ in range(c.chance.randint(1, 3)):
        x, y, size = c.between(20, 300), c.between(12, 44), c.between(0.6, 1.2)
        for dx, dy, r in ((0, 0, 13), (14, -5, 16), (30, 0, 12), (16, 3, 18)):
            c.disc(x + dx * size, y + dy * size, r * size * 1.3, r * size * 0.62, "#ffffff", 110)


def house(c: Canvas, x: float, y: float, w: float, h: float, *, lit: float = 0.0, snow: bool = False) -> None:
    """A block with a hipped roof; at night its windows shine."""
    night = c.mood == "night"
    wall = c.one("#2a3558", "#313c61", "#2d3a5c") if night else c.one(*WALLS)
    roof = "#1f2947" if night else "#eef3f7" if snow else c.one(*ROOFS)
    c.rect(x, y, w, h, wall)
    c.rect(x + w * 0.82, y, w * 0.18, h, "#1b2430", 16)
    c.shape(((x - 6, y), (x + 4, y - 14), (x + w - 4, y - 14), (x + w + 6, y)), roof)
    c.rect(x - 6, y - 1, w + 12, 1.6, "#1b2430", 40)
    for row in range(int((h - 14) // 28) + 1):
        for column in range(int((w - 10) // 24)):
            windows(c, x + 10 + column * 24, y + 11 + row * 28, c.chance.random() < lit, night)


def windows(c: Canvas, x: float, y: float, shining: bool, night: bool) -> None:
    glass = "#ffd98a" if shining else "#18213d" if night else "#8197a9"
    c.rect(x - 1, y - 1, 15, 19, "#ffffff", 18 if night else 120)
    c.rect(x, y, 13, 17, glass)
    if not shining and not night:
        c.shape(((x, y), (x + 8, y), (x, y + 11)), "#ffffff", 46)
    c.rect(x + 6, y, 1, 17, "#ffffff", 24 if night else 110)


def tree(c: Canvas, x: float, y: float, size: float, *, bare: bool = False) -> None:
    """A round crown on a trunk, or bare branches under snow."""
    c.line(((x, y), (x, y - 34 * size)), 6 * size, "#6a4c33" if c.mood != "night" else "#141b33")
    if bare:
        for dx, dy in ((-14, -54), (12, -58), (-4, -66), (18, -42), (-20, -44)):
            c.line(((x, y - 26 * size), (x + dx * size, y + dy * size)), 2.4 * size, "#6f5a48")
        return
    dark = c.one("#4f7d40", "#557f45", "#5f7f3c") if c.mood != "night" else "#1a2543"
    light = c.one("#6b9a55", "#719f5d", "#7ea35a") if c.mood != "night" else "#202c4e"
    for dx, dy, r in ((-13, -44, 19), (13, -46, 18), (0, -62, 21), (0, -44, 20)):
        c.disc(x + dx * size, y + dy * size, r * size, r * size * 0.95, dark)
    for dx, dy, r in ((-15, -49, 13), (7, -66, 14), (10, -48, 11)):
        c.disc(x + dx * size, y + dy * size, r * size, r * size * 0.9, light)


def bush(c: Canvas, x: float, y: float, size: float) -> None:
    for dx, r, colour in ((-9, 9, "#5c8a4a"), (9, 9, "#6b9a55"), (0, 12, "#648f50")):
        c.disc(x + dx * size, y - r * size * 0.5, r * size, r * size * 0.8, colour)


def skyline(c: Canvas, ground: float, *, lit: float = 0.0, snow: bool = False) -> None:
    """Houses to the left and to the right, trees between them."""
    clouds(c)
    left, right = c.between(84, 128), c.between(206, 236)
    for x in (left + 14, (left + right) / 2, right - 16):
        if c.chance.random() < 0.75:
            tree(c, x + c.between(-8, 8), ground, c.between(0.5, 0.85), bare=snow)
    tall = c.between(58, 92)
    house(c, -12, ground - tall, left, tall, lit=lit, snow=snow)
    tall = c.between(58, 100)
    house(c, right, ground - tall, 340 - right, tall, lit=lit, snow=snow)


def road(c: Canvas) -> None:
    """A street that goes away from us between lawns, with kerbs and a dashed line."""
    skyline(c, 128)
    c.rect(0, 126, 320, 114, c.one("#8ba37a", "#92a878", "#9aa57c"))
    c.rect(0, 126, 320, 5, "#6f8a60")
    c.shape(((100, 140), (220, 140), (404, 240), (-84, 240)), "#c4c6c3")
    c.shape(((107, 140), (213, 140), (372, 240), (-52, 240)), c.one("#6a7078", "#70757c", "#666b75"))
    for top, bottom in ((146, 158), (166, 186), (198, 232)):
        a, b = (top - 130) * 0.055, (bottom - 130) * 0.055
        c.shape(((160 - a, top), (160 + a, top), (160 + b, bottom), (160 - b, bottom)), "#e9ecef")
    c.scattered("#7d838b", (10, 150, 300, 88), 60, 0.5)


def yard(c: Canvas, ground: float = 150) -> None:
    """A long house behind, asphalt in front."""
    clouds(c)
    x = c.between(16, 36)
    house(c, x, 36, 300 - x, ground - 36)
    c.rect(0, ground, 320, 240 - ground, c.one("#a8a79f", "#a9aca8", "#a3a5a8"))
    c.rect(0, ground - 6, 320, 10, c.one("#7f9a66", "#88a06c"))
    for at in (6, 312):
        if c.chance.random() < 0.7:
            tree(c, at, ground + 4, c.between(0.8, 1.15))
    c.scattered("#989a97", (0, ground + 8, 320, 230 - ground), 50, 0.6)


def lawn(c: Canvas, ground: float = 150) -> None:
    """A green place with houses far away."""
    skyline(c, ground)
    c.rect(0, ground, 320, 240 - ground, c.one("#8fb36f", "#97b574", "#89ab6c"))
    c.rect(0, ground, 320, 5, "#7a9d5f")
    c.scattered("#7fa361", (0, ground + 8, 320, 230 - ground), 90, 0.9)
