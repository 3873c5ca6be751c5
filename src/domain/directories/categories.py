"""The categories, under which the topics of messages stand (§2)."""

from domain.directories.describing import IN_USE, Directory, Field
from domain.directories.kinds import Choice, Code, Number, Text
from domain.model import Category
from domain.wording import N_

# Those of the portal's icons that stand for what a town takes care of.
ICONS = (
    ("traffic-cone", N_("Cone")), ("lightbulb", N_("Lamp")), ("tree-pine", N_("Tree")), ("trash", N_("Bin")),
    ("house", N_("House")), ("droplets", N_("Drops")), ("bus", N_("Bus")), ("paw-print", N_("Paw")),
    ("book-open", N_("Book")), ("plus", N_("Plus sign")), ("megaphone", N_("Loudspeaker")), ("map", N_("Map")),
    ("star", N_("Star")), ("triangle-alert", N_("Warning sign")), ("shield-alert", N_("Shield")),
    ("graduation-cap", N_("Graduation cap")), ("heart-pulse", N_("Heart")), ("store", N_("Shop")),
    ("landmark", N_("Columns")), ("volleyball", N_("Ball")), ("leaf", N_("Leaf")), ("hammer", N_("Hammer")),
    ("construction", N_("Barrier")), ("waves", N_("Waves")), ("flame", N_("Flame")), ("tag", N_("Label")),
)  # fmt: skip

CATEGORIES = Directory(
    name="categories",
    title=N_("Categories"),
    one=N_("Category"),
    icon="layers",
    table=Category,
    order=("position",),
    note=N_("The drawers of the form of a message; each holds topics."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True),
        Field("name", N_("Name"), Text(120)),
        Field("icon", N_("Icon"), Choice(options=ICONS), listed=False),
        Field("position", N_("Place in the list"), Number(), listed=False, begins="100"),
        IN_USE,
    ),
)
