"""What one test leaves in the database and the next one must not find."""

from domain.database import DB


async def tables() -> list[str]:
    assert DB.pool is not None
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
    return [row["tablename"] for row in await DB.pool.fetch(names)]


async def keep_furniture() -> None:
    """Remember the rows that the migrations wrote (the settings row, for one), and how everything else goes."""
    assert DB.pool is not None
    await keep("furniture")
    await DB.pool.execute(CLEAN)


async def keep(schema: str) -> None:
    """Remember every row there is in a schema beside, and how to put it back."""
    assert DB.pool is not None
    steps = []
    await DB.pool.execute(f"CREATE SCHEMA {schema}")
    for name in await tables():
        if not await DB.pool.fetchval(f'SELECT EXISTS (SELECT FROM "{name}")'):
            continue
        await DB.pool.execute(f'CREATE TABLE {schema}."{name}" AS TABLE public."{name}"')
        steps.append(f'DELETE FROM public."{name}"; INSERT INTO public."{name}" SELECT * FROM {schema}."{name}";')
        if await DB.pool.fetchval(HAS_COUNTER, name):
            steps.append(COUNTED.format(name))
    await DB.pool.execute(PUT_BACK.format(schema, "\n".join(steps)))


# What is emptied and filled here was whole before, and the journal is never rewritten: no trigger has a say.
# A connection of a failed test may still hold a row; say so soon rather than hang.
QUIETLY = "LANGUAGE plpgsql SET session_replication_role = replica SET lock_timeout = '5s'"
PUT_BACK = f"CREATE FUNCTION {{0}}.put_back() RETURNS void {QUIETLY} AS $$ BEGIN {{1}} END $$"
# A row that a test adds to those of before gets the next number, as in a real database.
HAS_COUNTER = """
SELECT pg_get_serial_sequence(quote_ident($1), 'id') IS NOT NULL WHERE EXISTS
(SELECT FROM pg_attribute WHERE attrelid = quote_ident($1)::regclass AND attname = 'id')
"""
COUNTED = "PERFORM setval(pg_get_serial_sequence('\"{0}\"', 'id'), (SELECT max(id) FROM public.\"{0}\"));"
# Emptying the few tables that a test has written to is far quicker than truncating all of them. A table that some test
# has filled with thousands of rows is truncated. One question for all of it: the way to the server costs more.
CLEAN = f"""
CREATE FUNCTION furniture.clean() RETURNS void {QUIETLY} AS $$
DECLARE
    each regclass;
    holds boolean;
    written regclass[] = '{{}}';
BEGIN
    FOR each IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'migration' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || each || ')' INTO holds;
        IF holds THEN written = written || each; END IF;
    END LOOP;
    IF EXISTS (SELECT FROM unnest(written) AS one WHERE pg_relation_size(one) > 1000000) THEN
        EXECUTE 'TRUNCATE ' || array_to_string(written, ', ') || ' CASCADE';
    ELSE
        FOREACH each IN ARRAY written LOOP EXECUTE 'DELETE FROM ' || each; END LOOP;
    END IF;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL;
    PERFORM furniture.put_back();
END $$
"""


async def clean() -> None:
    assert DB.pool is not None
    await DB.pool.execute("SELECT furniture.clean()")
