"""Whoever follows a published message, a street or a topic: citizens, and guests by an address that they confirmed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0038"
VERSION = "1.38.0"
DESCRIPTION = "Subscriptions to what is public; events that belong to no message."

# Nothing else holds the address of a guest: with this row it is gone.
SUBSCRIBER = """
CREATE TABLE subscriber (
    id bigserial PRIMARY KEY,
    person bigint UNIQUE REFERENCES person ON DELETE RESTRICT,
    email text UNIQUE,
    language text NOT NULL,
    CONSTRAINT subscriber_one CHECK (num_nonnulls(person, email) = 1)
)
"""
SUBSCRIPTION = """
CREATE TABLE subscription (
    id bigserial PRIMARY KEY,
    subscriber bigint NOT NULL REFERENCES subscriber ON DELETE CASCADE,
    message bigint REFERENCES message ON DELETE RESTRICT,
    street text,
    street_key text,
    topic bigint REFERENCES topic ON DELETE RESTRICT,
    frequency text NOT NULL CONSTRAINT subscription_frequency CHECK (frequency IN ('at_once', 'daily', 'weekly')),
    asked_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    CONSTRAINT subscription_once UNIQUE NULLS NOT DISTINCT (subscriber, message, street_key, topic),
    CONSTRAINT subscription_about CHECK ((message IS NULL) = (num_nonnulls(street_key, topic) > 0)),
    CONSTRAINT subscription_street CHECK ((street IS NULL) = (street_key IS NULL))
)
"""
# Marks made with a secret, for a day: how often one address was written to, and from where that was asked for.
CONFIRMATION = """
CREATE TABLE confirmation (
    id bigserial PRIMARY KEY,
    address text NOT NULL,
    place text NOT NULL,
    at timestamptz NOT NULL
)
"""
INDEXES = {
    "subscription_message": "subscription (message) WHERE message IS NOT NULL",
    "subscription_street_key": "subscription (street_key) WHERE street_key IS NOT NULL",
    "subscription_topic": "subscription (topic) WHERE topic IS NOT NULL",
    "subscription_unconfirmed": "subscription (asked_at) WHERE confirmed_at IS NULL",
    "confirmation_at": "confirmation (at)",
    # What one reader is owed and nobody has tried to send: many letters may wait for one morning.
    "delivery_fresh": "delivery (recipient) WHERE done_at IS NULL AND gave_up_at IS NULL AND digest IS NULL "
    "AND recipient <> '' AND attempts = 0 AND resent = 0",
}


def statements() -> list[str]:
    return [
        SUBSCRIBER,
        SUBSCRIPTION,
        CONFIRMATION,
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
        # That somebody asked for a letter is told of no message.
        "ALTER TABLE event ALTER COLUMN message DROP NOT NULL",
    ]


def undoing() -> list[str]:
    return [
        # No version before this one knows these letters, nor could it name them.
        "DELETE FROM delivery WHERE reaction IN ('mail:followed', 'mail:subscription_asked')",
        "DELETE FROM delivery WHERE event IN (SELECT id FROM event WHERE message IS NULL)",
        # The guard of the journal steps aside for its own migration alone.
        "ALTER TABLE event DISABLE TRIGGER USER",
        "DELETE FROM event WHERE message IS NULL",
        "ALTER TABLE event ENABLE TRIGGER USER",
        "ALTER TABLE event ALTER COLUMN message SET NOT NULL",
        "DROP INDEX delivery_fresh",
        "DROP TABLE confirmation",
        "DROP TABLE subscription",
        "DROP TABLE subscriber",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
