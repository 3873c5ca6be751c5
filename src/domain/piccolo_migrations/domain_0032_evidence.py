"""Photos that show what they are said to show: prints, traces of their making, pairs of before and after."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0032"
VERSION = "1.38.0"
DESCRIPTION = "Prints of pictures with their index, traces, pairs."

COLUMNS = """
ALTER TABLE attachment
    ADD COLUMN print text CONSTRAINT attachment_print CHECK (print ~ '^[0-9a-f]{32}$'),
    ADD COLUMN traces jsonb NOT NULL DEFAULT '{}' CONSTRAINT attachment_traces CHECK (jsonb_typeof(traces) = 'object'),
    ADD COLUMN before uuid REFERENCES attachment ON DELETE SET NULL
"""
# A print is cut into five bands of 26, 26, 26, 25 and 25 bits, each with its number above its value. Of two prints that
# differ in at most 9 bits one band differs in at most one: five bands with two each would make ten. So whoever looks
# for every band and for its neighbours, one bit away, misses nothing.
BITS = "('x' || print)::bit(128)"
STARTS = {1: 26, 27: 26, 53: 26, 79: 25, 104: 25}
BAND = "(({band} << 26) | substring({bits} FROM {start} FOR {length})::bit({length})::integer)"
BANDS = f"""
CREATE FUNCTION print_bands(print text) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[{
    ", ".join(
        BAND.format(band=band, bits=BITS, start=start, length=length)
        for band, (start, length) in enumerate(STARTS.items())
    )
}]
"""
NEAR = """
CREATE FUNCTION print_near(print text) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT array_agg(CASE bit WHEN -1 THEN band ELSE band # (1 << bit) END)
        FROM unnest(print_bands(print)) band, generate_series(-1, CASE WHEN band >> 26 < 3 THEN 25 ELSE 24 END) bit)
"""
DISTANCE = """
CREATE FUNCTION print_distance(one text, other text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN bit_count(('x' || one)::bit(128) # ('x' || other)::bit(128))::integer
"""
# Without a list of what is still to be sorted in: whoever searches would have to read it whole.
INDEX = """
CREATE INDEX attachment_print_bands ON attachment USING gin (print_bands(print)) WITH (fastupdate = off)
WHERE print IS NOT NULL
"""
METRES = """
ALTER TABLE setting ADD COLUMN photo_metres integer NOT NULL DEFAULT 300
    CONSTRAINT setting_photo_metres CHECK (photo_metres BETWEEN 50 AND 5000)
"""


def statements() -> list[str]:
    before = "CREATE INDEX attachment_before_photo ON attachment (before) WHERE before IS NOT NULL"
    return [COLUMNS, before, BANDS, NEAR, DISTANCE, INDEX, METRES]


def undoing() -> list[str]:
    return [
        "ALTER TABLE setting DROP COLUMN photo_metres",
        "DROP INDEX attachment_print_bands",
        *(f"DROP FUNCTION {name}" for name in ("print_near", "print_bands", "print_distance")),
        "ALTER TABLE attachment DROP COLUMN print, DROP COLUMN traces, DROP COLUMN before",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
