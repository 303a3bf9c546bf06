"""The statements with which ``loading`` stores a chunk of posts.

``incoming`` holds the rows of the chunk, each with the id it gets if its post is new; ``known`` the
posts among them that the database has, as they were before, and what the rows change about them.
"""

from psycopg2.sql import SQL

from monitoring.importers.records import PostRow
from monitoring.interactions import COUNTERS, REACTIONS

_DETAILS = (
    "type",
    "published_at",
    "text",
    "url",
    "link",
    "link_text",
    "link_description",
    "image_text",
    "media_url",
    "sponsor",
    "followers",
)
_TEXTS = tuple(name for name in _DETAILS if name not in ("published_at", "followers"))


def _list(names: tuple[str, ...], template: str = "{}") -> SQL:
    return SQL(", ".join(template.replace("{}", name) for name in names))


def _reading(row: str) -> SQL:
    """A row's counters in the order that decides which of two readings is the greater."""
    total = " + ".join(f"coalesce({row}.{name}, 0)" for name in (*REACTIONS, "comments", "shares"))
    each = ", ".join(f"coalesce({row}.{name}, -1)" for name in COUNTERS)
    return SQL(f"({total}, {each})")


def _details(row: str) -> SQL:
    """A row's texts, times and followers, comparable in any locale."""
    texts = ", ".join(f'{row}.{name} COLLATE "C"' for name in _TEXTS)
    return SQL(f"({texts}, {row}.published_at, coalesce({row}.followers, -1))")


def _statement(text: str, **parts: SQL) -> str:
    return SQL(text).format(**parts).as_string(None)


CREATE_INCOMING = """
    CREATE TEMP TABLE incoming (
        id bigint DEFAULT nextval('monitoring_post_id_seq'),
        account integer, native_id text, type text,
        published_at timestamptz, observed_at timestamptz,
        text text, url text, link text, link_text text, link_description text, image_text text,
        media_url text, sponsor text, followers bigint,
        likes integer, love integer, wow integer, haha integer, sad integer, angry integer,
        care integer, other_reactions integer, comments integer, shares integer,
        views bigint, views_total bigint
    ) ON COMMIT DROP
"""
COPY = _statement("COPY incoming ({columns}) FROM STDIN", columns=_list(PostRow._fields))
DROP = "DROP TABLE incoming, known"
_ACCOUNTS = SQL(
    "unnest(%(numbers)s::int[], %(accounts)s::bigint[], %(platforms)s::text[])"
    " AS account(number, id, platform)"
)

# Each row beside the post it is about, and beside that post's reading of the same moment or, where
# there is none, of the moment before it (else after it).
COMPARE = _statement(
    """
    CREATE TEMP TABLE known ON COMMIT DROP AS
    SELECT
        incoming.id AS incoming_id, post.id AS post_id, moment.observed_at,
        post.account_id, {details}, {counters},
        post.reactions, post.interactions, post.is_provisional,
        -- The file repeats itself: its row was counted already.
        coalesce(reading.observed_at = moment.observed_at
            AND reading.source_import_id = %(import)s, false) AS is_repeat,
        {incoming_reading} IS DISTINCT FROM {reading} AS differs,
        verdict.*,
        step.*
    FROM incoming
    CROSS JOIN LATERAL (
        SELECT coalesce(incoming.observed_at, %(exported_at)s) AS observed_at
    ) AS moment
    JOIN {accounts} ON account.number = incoming.account
    -- LIMIT keeps this a look-up of the whole key for each row. A plain join may be planned by the
    -- project alone: statistics that do not know of a project yet take its posts for a handful.
    CROSS JOIN LATERAL (
        SELECT id FROM monitoring_post AS one WHERE one.project_id = %(project)s
            AND one.platform = account.platform AND one.native_id = incoming.native_id
        LIMIT 1
    ) AS key
    JOIN monitoring_post AS post ON post.id = key.id
    LEFT JOIN LATERAL (
        SELECT * FROM monitoring_observation AS one WHERE one.post_id = post.id
        ORDER BY one.observed_at > moment.observed_at,
            CASE WHEN one.observed_at <= moment.observed_at THEN one.observed_at END DESC,
            one.observed_at
        LIMIT 1
    ) AS reading ON true
    LEFT JOIN LATERAL (
        SELECT one.observed_at FROM monitoring_observation AS one WHERE one.post_id = post.id
        ORDER BY one.observed_at DESC LIMIT 1
    ) AS newest ON true
    CROSS JOIN LATERAL (
        SELECT
            reading.observed_at IS DISTINCT FROM moment.observed_at AS is_new_reading,
            coalesce(reading.observed_at = moment.observed_at
                AND {incoming_reading} > {reading}, false) AS is_greater,
            CASE
                WHEN moment.observed_at > coalesce(newest.observed_at, post.last_observed_at)
                    THEN {incoming_details} <> {post_details}
                WHEN moment.observed_at = coalesce(newest.observed_at, post.last_observed_at)
                    THEN {incoming_details} > {post_details}
                ELSE false
            END AS is_described_anew
    ) AS verdict
    CROSS JOIN LATERAL (
        -- Newer than the reading that is reported for good: the post itself stays as it is.
        SELECT verdict.is_new_reading AND NOT verdict.is_described_anew AND NOT %(latest)s
            AND NOT post.is_provisional AND moment.observed_at > post.counted_at AS is_settled
    ) AS settled
    CROSS JOIN LATERAL (
        SELECT settled.is_settled, NOT settled.is_settled AND (
            verdict.is_new_reading OR verdict.is_greater OR verdict.is_described_anew
        ) AS is_touched
    ) AS step
    ORDER BY post.id
    FOR UPDATE OF post
    """,
    details=_list(_DETAILS, "post.{}"),
    counters=_list(COUNTERS, "post.{}"),
    incoming_reading=_reading("incoming"),
    reading=_reading("reading"),
    incoming_details=_details("incoming"),
    post_details=_details("post"),
    accounts=_ACCOUNTS,
)
OBSERVE_KNOWN = _statement(
    """
    INSERT INTO monitoring_observation (post_id, observed_at, source_import_id, {counters})
    SELECT known.post_id, known.observed_at, %(import)s, {incoming_counters}
    FROM known JOIN incoming ON incoming.id = known.incoming_id
    WHERE known.is_new_reading OR known.is_greater
    ON CONFLICT (post_id, observed_at) DO UPDATE
    SET source_import_id = excluded.source_import_id, {excluded_counters}
    """,
    counters=_list(COUNTERS),
    incoming_counters=_list(COUNTERS, "incoming.{}"),
    excluded_counters=_list(COUNTERS, "{} = excluded.{}"),
)
UPDATE_KNOWN = _statement(
    """
    WITH reported AS (
        SELECT known.post_id, known.incoming_id, known.observed_at, known.is_described_anew,
            reading.observed_at AS counted_at, since.stable_at, {reading_counters}
        FROM known
        JOIN incoming ON incoming.id = known.incoming_id
        CROSS JOIN LATERAL (
            SELECT make_interval(days => %(days)s) + CASE
                WHEN known.is_described_anew THEN incoming.published_at
                ELSE known.published_at
            END AS stable_at
        ) AS since
        CROSS JOIN LATERAL (
            SELECT * FROM monitoring_observation AS one WHERE one.post_id = known.post_id
            ORDER BY %(latest)s OR one.observed_at < since.stable_at,
                CASE WHEN NOT %(latest)s AND one.observed_at >= since.stable_at
                    THEN one.observed_at END,
                one.observed_at DESC
            LIMIT 1
        ) AS reading
        WHERE known.is_touched
    )
    UPDATE monitoring_post AS post SET
        {described},
        {counted},
        counted_at = reported.counted_at,
        is_provisional = reported.counted_at < reported.stable_at,
        last_observed_at = greatest(post.last_observed_at, reported.observed_at)
    FROM reported JOIN incoming ON incoming.id = reported.incoming_id
    WHERE post.id = reported.post_id
    """,
    reading_counters=_list(COUNTERS, "reading.{}"),
    described=_list(
        _DETAILS,
        "{} = CASE WHEN reported.is_described_anew THEN incoming.{} ELSE post.{} END",
    ),
    counted=_list(COUNTERS, "{} = reported.{}"),
)
# A newer reading that says the same is no change, unless it makes the counters final.
COUNT_UPDATED = _statement(
    """
    SELECT count(*) FROM known JOIN monitoring_post AS post ON post.id = known.post_id
    WHERE NOT known.is_repeat AND (
        (known.is_new_reading AND known.differs)
        OR known.is_greater OR known.is_described_anew
        OR post.is_provisional <> known.is_provisional
        OR {post_reading} <> {known_reading}
    )
    """,
    post_reading=_reading("post"),
    known_reading=_reading("known"),
)
FORGET_KNOWN = "DELETE FROM incoming USING known WHERE incoming.id = known.incoming_id"
INSERT_NEW = _statement(
    """
    INSERT INTO monitoring_post (
        id, project_id, account_id, platform, native_id, {details}, {counters},
        counted_at, is_provisional, last_observed_at, first_import_id
    )
    SELECT incoming.id, %(project)s, account.id, account.platform, incoming.native_id,
        {incoming_details}, {incoming_counters},
        moment.observed_at,
        moment.observed_at < incoming.published_at + make_interval(days => %(days)s),
        moment.observed_at, %(import)s
    FROM incoming
    CROSS JOIN LATERAL (
        SELECT coalesce(incoming.observed_at, %(exported_at)s) AS observed_at
    ) AS moment
    JOIN {accounts} ON account.number = incoming.account
    """,
    details=_list(_DETAILS),
    counters=_list(COUNTERS),
    incoming_details=_list(_DETAILS, "incoming.{}"),
    incoming_counters=_list(COUNTERS, "incoming.{}"),
    accounts=_ACCOUNTS,
)
OBSERVE_NEW = _statement(
    """
    INSERT INTO monitoring_observation (post_id, observed_at, source_import_id, {counters})
    SELECT id, coalesce(observed_at, %(exported_at)s), %(import)s, {counters} FROM incoming
    """,
    counters=_list(COUNTERS),
)
# Where a chunk holds no known post, its rows go straight into the tables.
HAS_KNOWN = """
    SELECT EXISTS (
        SELECT FROM unnest(%(row_platforms)s::text[], %(native_ids)s::text[])
            AS sent (platform, native_id)
        CROSS JOIN LATERAL (
            SELECT FROM monitoring_post AS one WHERE one.project_id = %(project)s
                AND one.platform = sent.platform AND one.native_id = sent.native_id
            LIMIT 1
        ) AS known
    )
"""
TAKE_IDS = "SELECT nextval('monitoring_post_id_seq') FROM generate_series(1, %(rows)s)"
COPY_POSTS = _statement(
    """
    COPY monitoring_post (
        id, project_id, account_id, platform, first_import_id, counted_at, last_observed_at,
        is_provisional, native_id, {details}, {counters}
    ) FROM STDIN
    """,
    details=_list(_DETAILS),
    counters=_list(COUNTERS),
)
COPY_READINGS = _statement(
    "COPY monitoring_observation (post_id, observed_at, source_import_id, {counters}) FROM STDIN",
    counters=_list(COUNTERS),
)
COUNT_NEW = "SELECT count(*) FROM incoming WHERE account = ANY(%(waiting)s)"
