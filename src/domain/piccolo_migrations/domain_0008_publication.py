"""What stands before everybody is a copy of its own, item by item; and the question that a moderator may ask."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0008"
VERSION = "1.38.0"
DESCRIPTION = "Public copies, grounds of rejection, covered photos, the number of the edition, clarifying questions."

# The grounds of the rules of moderation: what the operator then adds to, renames or lays aside.
GROUNDS = (
    (
        "P01",
        "Персональные данные или сведения о частной жизни",
        "Имена, телефоны, квартиры и адреса людей всем не показывают.",
    ),
    ("P02", "На фотографии видно лицо или номер автомобиля", "Снимок покажут, когда лицо или номер будут закрыты."),
    ("P03", "Грубые или оскорбительные слова", "Опубликовать можно то, что сказано без брани."),
    ("P04", "Реклама или посторонние ссылки", "Публикуют только то, что относится к сообщению."),
    ("P05", "Фотография не о том, о чём сообщение", "Приложите к следующему сообщению снимок самого места."),
    ("P06", "Чужая фотография", "Публиковать можно снимок, который сделал сам автор."),
    ("P07", "Обвинение, которое не подтверждено", "Напишите, что случилось, не называя виновных."),
    ("P08", "Сведения, которые закон не разрешает раскрывать", "Вопрос решают, но без публикации."),
    ("P09", "Повторяет то, что уже опубликовано", "То же самое уже можно прочитать в другом сообщении."),
)

TABLES = [
    """
CREATE TABLE rejection_ground (
    id bigserial PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    hint text NOT NULL,
    active boolean NOT NULL DEFAULT true
)
""",
    """
CREATE TABLE rejection (
    id bigserial PRIMARY KEY,
    ground bigint NOT NULL REFERENCES rejection_ground ON DELETE RESTRICT,
    words text NOT NULL CONSTRAINT rejection_words CHECK (words <> ''),
    person bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    at timestamptz NOT NULL
)
""",
    """
CREATE TABLE question (
    id bigserial PRIMARY KEY,
    message bigint NOT NULL REFERENCES message ON DELETE RESTRICT,
    person bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    asked_at timestamptz NOT NULL,
    text text NOT NULL CONSTRAINT question_text CHECK (text <> ''),
    answer text CONSTRAINT question_answer CHECK (answer <> ''),
    answered_at timestamptz,
    CONSTRAINT question_answered CHECK ((answer IS NULL) = (answered_at IS NULL))
)
""",
    "CREATE TABLE edition (id integer PRIMARY KEY CONSTRAINT edition_one CHECK (id = 1), number bigint NOT NULL)",
    "INSERT INTO edition VALUES (1, 1)",
]
COLUMNS = [
    "ALTER TABLE message ADD COLUMN public_address text, ADD COLUMN rejection bigint REFERENCES rejection ON DELETE RESTRICT",
    "ALTER TABLE answer ADD COLUMN public_text text, ADD COLUMN rejection bigint REFERENCES rejection ON DELETE RESTRICT",
    "ALTER TABLE attachment ADD COLUMN shown boolean NOT NULL DEFAULT false, ADD COLUMN covers jsonb NOT NULL DEFAULT '[]', "
    "ADD COLUMN covered jsonb, ADD COLUMN rejection bigint REFERENCES rejection ON DELETE RESTRICT",
    "ALTER TABLE setting ADD COLUMN clarifying boolean NOT NULL DEFAULT false, "
    "ADD COLUMN clarifying_workdays integer NOT NULL DEFAULT 1 "
    "CONSTRAINT setting_clarifying CHECK (clarifying_workdays BETWEEN 1 AND 2), "
    "ADD COLUMN clarifying_ground text NOT NULL DEFAULT 'G19'",
]
# What was published before there were copies is its own copy.
FLAT = r"[,;]?\s*\m(кв|квартира|комн|комната|flat|apt)\M\.?\s*№?\s*\d+\s?[а-яa-z]?\M"
COPIES = [
    f"UPDATE message SET public_address = regexp_replace(address, '{FLAT}', '', 'gi') WHERE published_at IS NOT NULL",
    "UPDATE answer SET public_text = text WHERE published_at IS NOT NULL",
    "UPDATE attachment SET shown = true FROM message m WHERE m.id = attachment.message AND m.published_at IS NOT NULL "
    "AND kind <> 'pdf' AND rating IS NULL AND (answer IS NULL "
    "OR EXISTS (SELECT FROM answer WHERE answer.id = attachment.answer AND published_at IS NOT NULL))",
]
# What everybody gets of a photo, said once: nothing, its sizes, or those in which areas are covered. A photo whose
# covered sizes are not made yet has none.
PUBLIC_SIZES = """
ALTER TABLE attachment ADD COLUMN public_sizes jsonb GENERATED ALWAYS AS
(CASE WHEN shown AND state = 'ready' AND kind <> 'pdf' THEN CASE WHEN covers = '[]' THEN sizes ELSE covered END END) STORED
"""
# Found is only what can be read: the public copies, and nothing of what the citizen wrote.
SEARCH = """
ALTER TABLE message ADD COLUMN search tsvector GENERATED ALWAYS AS
(to_tsvector('russian', coalesce(public_text, '') || ' ' || coalesce(public_address, '') || ' ' || coalesce(number, ''))) STORED
"""
OLD_SEARCH = f"""
ALTER TABLE message ADD COLUMN search tsvector GENERATED ALWAYS AS
(to_tsvector('russian', coalesce(public_text, '') || ' ' || regexp_replace(address, '{FLAT}', '', 'gi')
 || ' ' || coalesce(number, ''))) STORED
"""
SEARCH_INDEX = "CREATE INDEX message_search ON message USING gin (search) WHERE published_at IS NOT NULL"
CHECKS = {
    "message_public": (
        "message",
        "published_at IS NULL OR (public_text <> '' AND public_text IS NOT NULL AND public_address IS NOT NULL "
        "AND number IS NOT NULL AND rejection IS NULL)",
    ),
    "answer_public": (
        "answer",
        "published_at IS NULL OR (public_text <> '' AND public_text IS NOT NULL AND state = 'approved' AND rejection IS NULL)",
    ),
    "attachment_shown": (
        "attachment",
        "NOT shown OR (message IS NOT NULL AND rating IS NULL AND kind <> 'pdf' AND rejection IS NULL)",
    ),
}
# One door more, behind the verbs: whoever has withheld consent is shown by no statement at all (R28).
CONSENT = [
    """
CREATE FUNCTION publication_needs_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT consent FROM message WHERE id = NEW.message) THEN
        RAISE EXCEPTION 'the author did not agree to publication' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER answer_consent BEFORE INSERT OR UPDATE ON answer
FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION publication_needs_consent()
""",
    """
CREATE TRIGGER attachment_consent BEFORE INSERT OR UPDATE ON attachment
FOR EACH ROW WHEN (NEW.shown) EXECUTE FUNCTION publication_needs_consent()
""",
]
# Every change of what everybody sees is a new edition, whoever made it. The number is taken at the commit, when all
# other locks are held already, so that nobody who publishes can wait for another in a circle.
NEW_EDITION = """
CREATE FUNCTION new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE edition SET number = number + 1;
    RETURN NULL;
END $$
"""
EDITIONS = {
    "message": "(OLD.published_at, OLD.public_text, OLD.public_address) IS DISTINCT FROM "
    "(NEW.published_at, NEW.public_text, NEW.public_address)",
    "answer": "(OLD.published_at, OLD.public_text) IS DISTINCT FROM (NEW.published_at, NEW.public_text)",
    "attachment": "OLD.public_sizes IS DISTINCT FROM NEW.public_sizes",
    "topic": "OLD.closed IS DISTINCT FROM NEW.closed",
}
INDEXES = {
    "message_rejection": "message (rejection) WHERE rejection IS NOT NULL",
    "answer_rejection": "answer (rejection) WHERE rejection IS NOT NULL",
    "attachment_rejection": "attachment (rejection) WHERE rejection IS NOT NULL",
    "rejection_of_ground": "rejection (ground)",
    "rejection_person": "rejection (person)",
    "question_message": "question (message, id)",
    "question_person": "question (person)",
    # What nobody has decided on yet: to be published or rejected.
    "message_undecided": "message (id) WHERE consent AND number IS NOT NULL AND published_at IS NULL AND rejection IS NULL",
    "answer_undecided": "answer (message) WHERE state = 'approved' AND published_at IS NULL AND rejection IS NULL",
}
# Others add kinds of terms as well: whatever is allowed by now stays allowed.
ANOTHER_KIND = """
DO $$
DECLARE known text;
BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO known FROM pg_constraint WHERE conname = 'term_kind';
    ALTER TABLE term DROP CONSTRAINT term_kind;
    EXECUTE format('ALTER TABLE term ADD CONSTRAINT term_kind CHECK (%s)', known || ' OR kind = ''clarification''');
END $$
"""
ONE_KIND_LESS = """
DO $$
DECLARE known text;
BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO known FROM pg_constraint WHERE conname = 'term_kind';
    ALTER TABLE term DROP CONSTRAINT term_kind;
    EXECUTE format('ALTER TABLE term ADD CONSTRAINT term_kind CHECK ((%s) AND kind <> ''clarification'')', known);
END $$
"""


def seeds() -> list[str]:
    rows = ", ".join("('{}', '{}', '{}')".format(*row) for row in GROUNDS)
    return [f"INSERT INTO rejection_ground (code, name, hint) VALUES {rows}"]


def statements() -> list[str]:
    return [
        *TABLES,
        *seeds(),
        *COLUMNS,
        *COPIES,
        PUBLIC_SIZES,
        "ALTER TABLE message DROP COLUMN search",
        SEARCH,
        SEARCH_INDEX,
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})" for name, (table, rule) in CHECKS.items()),
        *CONSENT,
        NEW_EDITION,
        *(
            f"CREATE CONSTRAINT TRIGGER {table}_edition AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED "
            f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION new_edition()"
            for table, changed in EDITIONS.items()
        ),
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
        ANOTHER_KIND,
    ]


def undoing() -> list[str]:
    return [
        "DELETE FROM term WHERE kind = 'clarification'",
        ONE_KIND_LESS,
        *(f"DROP INDEX {name}" for name in INDEXES),
        *(f"DROP TRIGGER {table}_edition ON {table}" for table in EDITIONS),
        "DROP FUNCTION new_edition()",
        "DROP TRIGGER attachment_consent ON attachment",
        "DROP TRIGGER answer_consent ON answer",
        "DROP FUNCTION publication_needs_consent()",
        *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name, (table, _) in CHECKS.items()),
        "ALTER TABLE message DROP COLUMN search",
        OLD_SEARCH,
        SEARCH_INDEX,
        "ALTER TABLE attachment DROP COLUMN public_sizes",
        "ALTER TABLE setting DROP COLUMN clarifying, DROP COLUMN clarifying_workdays, DROP COLUMN clarifying_ground",
        "ALTER TABLE attachment DROP COLUMN shown, DROP COLUMN covers, DROP COLUMN covered, DROP COLUMN rejection",
        "ALTER TABLE answer DROP COLUMN public_text, DROP COLUMN rejection",
        "ALTER TABLE message DROP COLUMN public_address, DROP COLUMN rejection",
        "DROP TABLE question",
        "DROP TABLE rejection",
        "DROP TABLE rejection_ground",
        "DROP TABLE edition",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
