"""What the staff look for: the words and the place of every message beside it, and the searches that somebody has kept."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0042"
VERSION = "1.38.0"
DESCRIPTION = "Words of messages in a table of their own, names of authors, numbers by their beginning, saved views."

# Russian word forms, with ё as е; a point or a slash without a space after it would make the parser see an address of
# the web in two words.
WORDS = r"""
CREATE FUNCTION search_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('russian', translate(said, 'Ёё./', 'Ее  '))
"""
# «ул. Мира, д. 41 А» and «Мира 41а» are one place: what is said of every place is left out, letters join their house.
# A flat is no part of it: who is shown none could find it out by asking, number by number (§4.1, R10).
FLAT = (
    r"\mквартир(ы|ах|ам|ами) ?\d+( (и )?\d+)*"
    r"|\m(кв|квартир[а-я]*|комн|комнат[а-я]*|flat|apt) ?(n ?|номер |под номером )?\d+( ?[а-в]\M)?"
    r"|\m\d+ ?(я|й|ая|ой|ю|ую|ей) (квартир|комнат)[а-я]*"
    r"|\m(в|из) \d+ (квартир|комнат)[еы]\M"
)
KINDS = (
    r"\m(пр т|пр кт|пр д|б р|ул|улица|улице|улицы|пер|переулок|переулке|пр|пркт|проспект|проспекте|пл|площадь|площади"
    r"|мкр|микрорайон|микрорайоне|бул|бульвар|бульваре|ш|шоссе|проезд|проезде|туп|тупик|тупике|с|село|селе|х|хутор|хуторе"
    r"|п|пос|поселок|поселке|деревня|деревне|д|дом|дома|доме|г|город|кв|квартира)\M"
)
PLACE = rf"""
CREATE FUNCTION search_place(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(translate(lower(said), 'ё', 'е'), '[^[:alnum:]]+', ' ', 'g'),
            '{FLAT}', ' ', 'g'),
        '{KINDS}',
        ' ', 'g'),
    '(\d) +([а-я])\M', '\1\2', 'g')
"""
# Messages are cut into slices by their ids, each with a word of its own that no parser makes. Newest first, a search
# goes through them slice by slice and stops when it has enough: of a common word it never gathers all the years.
SLICE = """
CREATE FUNCTION search_slice(message bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN '#' || message / 20000
"""
NAME = """
CREATE FUNCTION search_name(name text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('simple', translate(lower(name), 'ё', 'е'))
"""
# A table of its own and no column of the message: a message changes a dozen times, and each time its row is written
# anew with an entry for every word in the index; its words change when the author corrects them.
TABLE = """
CREATE TABLE message_words (
    message bigint PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    came_at timestamptz NOT NULL,
    words tsvector NOT NULL,
    place tsvector NOT NULL
)
"""
# Without a list of what is still to be sorted in: whoever searches would have to read it whole.
WORDS_INDEX = "CREATE INDEX message_words_found ON message_words USING gin (words, place) WITH (fastupdate = off)"
WRITE = """
CREATE FUNCTION write_message_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slice tsvector := array_to_tsvector(ARRAY[search_slice(NEW.id)]);
    place text := search_place(NEW.address);
BEGIN
    INSERT INTO message_words (message, came_at, words, place)
    VALUES (NEW.id, NEW.sent_at, slice || search_words(NEW.text || ' ' || place), slice || to_tsvector('russian', place))
    ON CONFLICT (message) DO UPDATE SET words = EXCLUDED.words, place = EXCLUDED.place;
    RETURN NULL;
END $$
"""
TRIGGERS = [
    "CREATE TRIGGER message_words_new AFTER INSERT ON message FOR EACH ROW EXECUTE FUNCTION write_message_words()",
    "CREATE TRIGGER message_words_corrected AFTER UPDATE OF text, address ON message FOR EACH ROW "
    "WHEN ((OLD.text, OLD.address) IS DISTINCT FROM (NEW.text, NEW.address)) EXECUTE FUNCTION write_message_words()",
]
# What came before; the first line of a journal tells when a message that was corrected since has come.
BEFORE = """
INSERT INTO message_words (message, came_at, words, place)
SELECT m.id, CASE WHEN m.sending = 1 THEN m.sent_at ELSE coalesce(
           (SELECT min(at) FROM event WHERE event.message = m.id AND kind = 'message:submitted'), m.sent_at) END,
       slice || search_words(m.text || ' ' || place), slice || to_tsvector('russian', place)
FROM message m, search_place(m.address) place, array_to_tsvector(ARRAY[search_slice(m.id)]) slice
"""
INDEXES = {
    "message_words_came": "message_words (came_at, message)",
    "message_number_begins": "message (number text_pattern_ops) WHERE number IS NOT NULL",
    "person_name_found": "person USING gin (search_name(name)) WHERE role = 'citizen'",
    "saved_view_person": "saved_view (person, name)",
}
VIEWS = """
CREATE TABLE saved_view (
    id bigserial PRIMARY KEY,
    person bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    name text NOT NULL CONSTRAINT saved_view_name CHECK (length(name) BETWEEN 1 AND 60),
    query text NOT NULL CONSTRAINT saved_view_query CHECK (length(query) BETWEEN 1 AND 2000)
)
"""


def statements() -> list[str]:
    return [
        *(WORDS, PLACE, SLICE, NAME, TABLE, BEFORE, WORDS_INDEX, WRITE, *TRIGGERS, VIEWS),
        *(f"CREATE {'UNIQUE ' * (name == 'saved_view_person')}INDEX {name} ON {on}" for name, on in INDEXES.items()),
    ]


def undoing() -> list[str]:
    return [
        "DROP TABLE saved_view",
        "DROP INDEX person_name_found, message_number_begins",
        "DROP TRIGGER message_words_new ON message",
        "DROP TRIGGER message_words_corrected ON message",
        "DROP FUNCTION write_message_words()",
        "DROP TABLE message_words",
        "DROP FUNCTION search_words(text), search_place(text), search_slice(bigint), search_name(text)",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
