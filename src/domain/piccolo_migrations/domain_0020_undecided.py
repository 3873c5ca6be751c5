"""Whether anything of a message waits to be published or rejected is known beside the message, and not asked of all years."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0020"
VERSION = "1.38.0"
DESCRIPTION = "What nobody has decided on yet, kept by triggers as a column of the message."

# The message itself, where its author agreed and the topic is open; or an answer beside a published message.
IS_UNDECIDED = """
CREATE FUNCTION is_undecided(m message) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT CASE
    WHEN m.number IS NULL THEN false
    WHEN m.published_at IS NULL THEN m.consent AND m.rejection IS NULL
        AND NOT (SELECT closed FROM topic WHERE topic.id = m.topic)
    ELSE EXISTS (SELECT FROM answer a WHERE a.message = m.id AND a.state = 'approved' AND a.published_at IS NULL
                 AND a.rejection IS NULL)
END $$
"""
OF_THE_MESSAGE = """
CREATE FUNCTION message_is_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.undecided := is_undecided(NEW);
    RETURN NEW;
END $$
"""
OF_THE_ANSWER = """
CREATE FUNCTION answer_is_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message m SET undecided = NOT undecided WHERE m.id = NEW.message AND undecided <> is_undecided(m);
    RETURN NULL;
END $$
"""
OF_THE_TOPIC = """
CREATE FUNCTION topic_is_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message m SET undecided = NOT undecided WHERE m.topic = NEW.id AND undecided <> is_undecided(m);
    RETURN NULL;
END $$
"""
TRIGGERS = {
    "message_undecided": "BEFORE INSERT OR UPDATE OF number, topic, consent, published_at, rejection ON message "
    "FOR EACH ROW EXECUTE FUNCTION message_is_undecided()",
    "answer_undecided": "AFTER INSERT OR UPDATE OF state, published_at, rejection ON answer "
    "FOR EACH ROW EXECUTE FUNCTION answer_is_undecided()",
    "topic_undecided": "AFTER UPDATE OF closed ON topic FOR EACH ROW WHEN (OLD.closed <> NEW.closed) "
    "EXECUTE FUNCTION topic_is_undecided()",
}
OLD_INDEXES = {
    "message_undecided": "message (id) WHERE consent AND number IS NOT NULL AND published_at IS NULL AND rejection IS NULL",
    "answer_undecided": "answer (message) WHERE state = 'approved' AND published_at IS NULL AND rejection IS NULL",
}


def statements() -> list[str]:
    return [
        *(f"DROP INDEX {name}" for name in OLD_INDEXES),
        "ALTER TABLE message ADD COLUMN undecided boolean NOT NULL DEFAULT false",
        IS_UNDECIDED,
        OF_THE_MESSAGE,
        OF_THE_ANSWER,
        OF_THE_TOPIC,
        "UPDATE message m SET undecided = true WHERE is_undecided(m)",
        *(f"CREATE TRIGGER {name} {when}" for name, when in TRIGGERS.items()),
        "CREATE INDEX message_undecided ON message (id DESC) WHERE undecided",
    ]


def undoing() -> list[str]:
    return [
        "DROP INDEX message_undecided",
        *(f"DROP TRIGGER {name} ON {name.split('_')[0]}" for name in TRIGGERS),
        "DROP FUNCTION topic_is_undecided(), answer_is_undecided(), message_is_undecided(), is_undecided(message)",
        "ALTER TABLE message DROP COLUMN undecided",
        *(f"CREATE INDEX {name} ON {on}" for name, on in OLD_INDEXES.items()),
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
