"""The commission and the block: their tables, what they promise, and the kinds of decision that R27 names."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0005"
VERSION = "1.38.0"
DESCRIPTION = "The commission with its sittings; blocks of sending and the objections to them."

PERSON = "bigint NOT NULL REFERENCES person ON DELETE RESTRICT"
MESSAGE = "bigint NOT NULL REFERENCES message ON DELETE RESTRICT"
ID_COLUMN = "id bigserial PRIMARY KEY"

TABLES = {
    "decision_kind": f"""
        {ID_COLUMN}, code text NOT NULL UNIQUE, name text NOT NULL,
        effect text NOT NULL CHECK (effect IN ('explain','instruct','close')),
        position integer NOT NULL DEFAULT 0, active boolean NOT NULL DEFAULT true""",
    "commission_member": f"""
        {ID_COLUMN}, person {PERSON}, side text NOT NULL CHECK (side IN ('operator','coordinator')),
        since date NOT NULL, until date CHECK (until >= since),
        active boolean NOT NULL DEFAULT true, UNIQUE (person, since)""",
    "case_file": f"""
        {ID_COLUMN}, message {MESSAGE}, frozen_at timestamptz NOT NULL, content text NOT NULL,
        hash text NOT NULL CHECK (hash = encode(sha256(convert_to(content, 'UTF8')), 'hex'))""",
    "sitting": f"""
        {ID_COLUMN}, number integer, held_on date NOT NULL,
        state text NOT NULL DEFAULT 'called' CHECK (state IN ('called','closed')),
        version integer NOT NULL DEFAULT 1, called_by {PERSON}, called_at timestamptz NOT NULL,
        changed_by {PERSON}, changed_at timestamptz NOT NULL, closed_at timestamptz, protocol text,
        CHECK ((state = 'closed') = (closed_at IS NOT NULL)), CHECK ((number IS NULL) = (closed_at IS NULL)),
        CHECK (protocol IS NULL OR closed_at IS NOT NULL)""",
    "agenda_item": f"""
        {ID_COLUMN}, sitting bigint NOT NULL REFERENCES sitting ON DELETE RESTRICT,
        case_file bigint NOT NULL REFERENCES case_file ON DELETE RESTRICT, message {MESSAGE},
        position smallint NOT NULL, UNIQUE (sitting, case_file),
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','decided','put_off'))""",
    "presence": f"""
        {ID_COLUMN}, sitting bigint NOT NULL REFERENCES sitting ON DELETE RESTRICT, person {PERSON},
        side text NOT NULL CHECK (side IN ('operator','coordinator')), UNIQUE (sitting, person)""",
    "proposal": f"""
        {ID_COLUMN}, item bigint NOT NULL REFERENCES agenda_item ON DELETE RESTRICT,
        kind bigint NOT NULL REFERENCES decision_kind ON DELETE RESTRICT, kind_name text NOT NULL,
        effect text NOT NULL CHECK (effect IN ('explain','instruct','close')), text text NOT NULL CHECK (text <> ''),
        executor bigint REFERENCES person ON DELETE RESTRICT, due_on date, proposed_by {PERSON},
        proposed_at timestamptz NOT NULL, outcome text CHECK (outcome IN ('adopted','rejected')),
        counted_at timestamptz, CHECK ((effect = 'instruct') = (executor IS NOT NULL)),
        CHECK ((executor IS NULL) = (due_on IS NULL)), CHECK ((outcome IS NULL) = (counted_at IS NULL))""",
    "vote": f"""
        {ID_COLUMN}, proposal bigint NOT NULL REFERENCES proposal ON DELETE RESTRICT, person {PERSON},
        choice text NOT NULL CHECK (choice IN ('for','against','abstained')), noted_by {PERSON},
        at timestamptz NOT NULL, UNIQUE (proposal, person)""",
    "block_ground": f"""
        {ID_COLUMN}, code text NOT NULL UNIQUE, name text NOT NULL, position integer NOT NULL DEFAULT 0,
        active boolean NOT NULL DEFAULT true""",
    "block": f"""
        {ID_COLUMN}, person {PERSON}, message {MESSAGE},
        ground bigint NOT NULL REFERENCES block_ground ON DELETE RESTRICT, ground_name text NOT NULL,
        reason text NOT NULL CHECK (reason <> ''), days smallint NOT NULL CHECK (days BETWEEN 1 AND 30),
        began_at timestamptz NOT NULL, last_day date NOT NULL, ends_at timestamptz NOT NULL, imposed_by {PERSON},
        lifted_at timestamptz, end_told_at timestamptz,
        CHECK (ends_at > began_at AND ends_at <= began_at + interval '31 days')""",
    "objection": f"""
        {ID_COLUMN}, block bigint NOT NULL UNIQUE REFERENCES block ON DELETE RESTRICT,
        text text NOT NULL CHECK (text <> ''), at timestamptz NOT NULL,
        decision text CHECK (decision IN ('lifted','kept')), reason text,
        decided_by bigint REFERENCES person ON DELETE RESTRICT, decided_at timestamptz,
        CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (reason IS NULL)
               AND (decision IS NULL) = (decided_by IS NULL))""",
}

INDEXES = {
    "case_file_message": "case_file (message, id DESC)",
    "sitting_called": "sitting (held_on, id) WHERE closed_at IS NULL",
    "sitting_closed": "sitting (held_on DESC, id DESC) WHERE closed_at IS NOT NULL",
    "sitting_called_by": "sitting (called_by)",
    "sitting_changed_by": "sitting (changed_by)",
    "agenda_item_case_file": "agenda_item (case_file)",
    "agenda_item_message": "agenda_item (message)",
    "presence_person": "presence (person)",
    "proposal_item": "proposal (item, id)",
    "proposal_kind": "proposal (kind)",
    "proposal_executor": "proposal (executor) WHERE executor IS NOT NULL",
    "proposal_proposed_by": "proposal (proposed_by)",
    "vote_person": "vote (person)",
    "vote_noted_by": "vote (noted_by)",
    "block_person": "block (person, id DESC)",
    "block_message": "block (message)",
    "block_ground_of": "block (ground)",
    "block_imposed_by": "block (imposed_by)",
    "block_end_to_tell": "block (ends_at, id) WHERE lifted_at IS NULL AND end_told_at IS NULL",
    "objection_waits": "objection (id) WHERE decided_at IS NULL",
    "objection_decided": "objection (decided_at DESC) WHERE decided_at IS NOT NULL",
    "objection_decided_by": "objection (decided_by) WHERE decided_by IS NOT NULL",
}

UNIQUE = {
    # A case stands on one agenda at a time, and is decided once by it; closed sittings have numbers without repeats.
    "agenda_item_waiting": "agenda_item (case_file) WHERE state = 'waiting'",
    "proposal_adopted": "proposal (item) WHERE outcome = 'adopted'",
    "sitting_number": "sitting (date_part('year', held_on), number) WHERE number IS NOT NULL",
}

SETTINGS = {
    "commission_on": "text NOT NULL DEFAULT 'failed_rework' CHECK (commission_on IN ('failed_rework','third_rework'))",
    "quorum_percent": "smallint NOT NULL DEFAULT 50 CHECK (quorum_percent BETWEEN 0 AND 99)",
    "quorum_both_sides": "boolean NOT NULL DEFAULT true",
}

FROZEN = """
CREATE FUNCTION a_case_file_stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a case file is frozen';
END $$
"""
GUARD = """
CREATE TRIGGER case_file_guard BEFORE UPDATE OR DELETE ON case_file
FOR EACH ROW EXECUTE FUNCTION a_case_file_stays_as_it_is()
"""
KINDS = """
INSERT INTO decision_kind (code, name, effect, position) VALUES
('explanation', 'Окончательное разъяснение', 'explain', 1),
('instruction', 'Новое поручение исполнителю', 'instruct', 2),
('closing', 'Сообщение закрыто', 'close', 3)
"""
# The rule is widened and not written anew, because other migrations widen it as well.
WIDER = """
DO $$ DECLARE was text; BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO was FROM pg_constraint WHERE conname = 'term_kind';
    ALTER TABLE term DROP CONSTRAINT term_kind;
    EXECUTE 'ALTER TABLE term ADD CONSTRAINT term_kind CHECK (' || was || ' OR kind = ''instruction'')';
END $$
"""
NARROWER = """
DO $$ DECLARE was text; BEGIN
    SELECT replace(pg_get_expr(conbin, conrelid), ' OR (kind = ''instruction''::text)', '') INTO was
    FROM pg_constraint WHERE conname = 'term_kind';
    ALTER TABLE term DROP CONSTRAINT term_kind;
    EXECUTE 'ALTER TABLE term ADD CONSTRAINT term_kind CHECK (' || was || ')';
END $$
"""


def statements() -> list[str]:
    return [
        *(f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()),
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
        *(f"CREATE UNIQUE INDEX {name} ON {on}" for name, on in UNIQUE.items()),
        *(f"ALTER TABLE setting ADD COLUMN {name} {kind}" for name, kind in SETTINGS.items()),
        FROZEN,
        GUARD,
        KINDS,
        WIDER,
    ]


def undoing() -> list[str]:
    return [
        "DELETE FROM term WHERE kind = 'instruction'",
        NARROWER,
        *(f"ALTER TABLE setting DROP COLUMN {name}" for name in SETTINGS),
        *(f"DROP TABLE {name}" for name in reversed(TABLES)),
        "DROP FUNCTION a_case_file_stays_as_it_is()",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
