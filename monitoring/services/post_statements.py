"""The statements with which ``loading`` stores a chunk of posts.

New posts are copied into their table. ``incoming`` holds the rows of posts that the database has;
``known`` those of the posts that change, as they were before, and what the rows say anew of them.
"""

from functools import cache

from psycopg2.sql import SQL

from monitoring.importers.records import PostRow
from monitoring.interactions import COUNTERS, REACTIONS
from monitoring.services.statements import listed, statement

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


def _reading(row: str) -> SQL:
    """A row's counters in the order that decides which of two readings is the greater."""
    total = " + ".join(f"coalesce({row}.{name}, 0)" for name in (*REACTIONS, "comments", "shares"))
    each = ", ".join(f"coalesce({row}.{name}, -1)" for name in COUNTERS)
    return SQL(f"({total}, {each})")


def _details(row: str, untold: tuple[str, ...]) -> SQL:
    """What is told of a row: texts, times and followers, comparable in any locale."""
    told = [f'{row}.{name} COLLATE "C"' for name in _TEXTS if name not in untold]
    if "followers" not in untold:
        told.append(f"coalesce({row}.followers, -1)")
    return SQL(f"({', '.join([*told, f'{row}.published_at'])})")


def _says(row: str) -> SQL:
    """Whether a row describes its post at all; the address alone is no description.

    Most do by the first: where CrowdTangle prints texts, it prints a type.
    """
    told = (f"{row}.{name} <> ''" for name in _TEXTS if name != "url")
    return SQL(f"({' OR '.join(told)})")


def _nearest_reading() -> SQL:
    """A row's neighbour among the readings of its post: its last other one, or the reported one."""
    columns = {
        "observed_at": "post.counted_at",
        "source_import_id": "coalesce(post.recounted_in_id, post.first_import_id)",
        **{name: f"post.{name}" for name in COUNTERS},
    }
    return SQL(
        ", ".join(
            f"CASE WHEN place.is_late THEN nearest.{name}"
            f" WHEN place.is_after_other THEN last.{name} ELSE {of_post} END AS {name}"
            for name, of_post in columns.items()
        )
    )


# Asked for all at once: with a condition for each row PostgreSQL may read a table from end to end
# for every one, when the statistics of a table that is being filled say that it holds nothing. The
# answer is two texts, for so many rows take longer to fetch than to find. No id has a newline: some
# are parts of addresses, and may have a space.
_KNOWN_POSTS = """
    SELECT string_agg(native_id, chr(10)), string_agg(id::text, chr(10)) FROM (
        SELECT native_id, id FROM monitoring_post
        WHERE project_id = %(project)s AND platform = %(platform)s
            AND native_id = ANY(%(native_ids)s::text[])
        {hold}
    ) AS known
"""
KNOWN_POSTS = statement(_KNOWN_POSTS, hold=SQL(""))
# Who compares posts holds them first, in the order of the key by which they are found. In one
# statement with the comparison that would not do: it sees the readings that were there when it
# began to wait.
HOLD_KNOWN_POSTS = statement(_KNOWN_POSTS, hold=SQL("ORDER BY native_id FOR NO KEY UPDATE"))
TAKE_IDS = """
    SELECT string_agg(nextval('monitoring_post_id_seq')::text, ',')
    FROM generate_series(1, %(rows)s)
"""
_SENT = ("is_provisional", *PostRow._fields[PostRow._fields.index("native_id") :])
COPY_POSTS = statement(
    "COPY monitoring_post"
    " (id, account_id, platform, project_id, first_import_id, language, counted_at, {columns})"
    " FROM STDIN",
    columns=listed(_SENT),
)
_TYPED_COUNTERS = SQL(
    """
    likes integer, love integer, wow integer, haha integer, sad integer, angry integer,
    care integer, other_reactions integer, comments integer, shares integer,
    views bigint, views_total bigint
    """
)
# The tables are made once for a connection: to make them for each chunk took the database longer
# than to find the chunk's accounts. A transaction ends with empty ones, but a chunk may have waves.
# Each post is looked up once: to remember what was found is work for nothing. A row that is held
# stays in its place, and is changed there: to find it by its key anew PostgreSQL may read all of
# them, if it believes that there are hardly any, as after a large import was taken back.
MAKE_ROOM = statement(
    """
    SET LOCAL enable_memoize = off;
    CREATE TEMP TABLE IF NOT EXISTS incoming (
        post_id bigint, observed_at timestamptz, is_provisional boolean, native_id text,
        type text, published_at timestamptz,
        text text, url text, link text, link_text text, link_description text, image_text text,
        media_url text, sponsor text, followers bigint, {counters}
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS known (
        post_id bigint, post_place tid, observed_at timestamptz,
        account_id bigint, type text, language text, published_at timestamptz, followers bigint,
        {counters},
        reactions bigint, interactions bigint, is_provisional boolean, counted_at timestamptz,
        counted_in bigint, is_repeat boolean, differs boolean, is_new_reading boolean,
        is_greater boolean, is_described_anew boolean
    ) ON COMMIT DELETE ROWS;
    DROP TABLE IF EXISTS chosen;
    DELETE FROM incoming;
    DELETE FROM known
    """,
    counters=_TYPED_COUNTERS,
)
COPY_INCOMING = statement(
    "COPY incoming (post_id, observed_at, {columns}) FROM STDIN", columns=listed(_SENT)
)

# The reported reading of ``post`` and its other ones.
_READINGS_OF_POST = SQL(
    """
    SELECT post.counted_at AS observed_at,
        coalesce(post.recounted_in_id, post.first_import_id) AS source_import_id, {of_post}
    UNION ALL
    SELECT observed_at, source_import_id, {counters}
    FROM monitoring_otherobservation WHERE post_id = post.id
    """
).format(of_post=listed(COUNTERS, "post.{}"), counters=listed(COUNTERS))
# Each row beside the post it is about, and beside that post's reading of the same moment or, where
# there is none, of the moment before it (else after it). A reading that leaves its post as it is
# is added at once; what is needed of the posts that rows touch goes to ``known``.
_COMPARE = """
    WITH compared AS MATERIALIZED (
        SELECT
            incoming.post_id, post.post_place, incoming.observed_at, {new_counters},
            post.account_id, post.type, post.language, post.published_at, post.followers,
            {counters},
            post.reactions, post.interactions, post.is_provisional, post.counted_at,
            coalesce(post.recounted_in_id, post.first_import_id) AS counted_in,
            -- The file repeats itself: its row was counted already.
            coalesce(reading.observed_at = incoming.observed_at
                AND reading.source_import_id = %(import)s, false) AS is_repeat,
            ({incoming_counters}) IS DISTINCT FROM ({reading_counters}) AS differs,
            verdict.*,
            step.*
        -- The nesting says what is looked up by what. Plain joins are PostgreSQL's to turn round:
        -- it did, and compared each row with each post.
        FROM incoming
        CROSS JOIN LATERAL (
            SELECT one.ctid AS post_place, one.* FROM monitoring_post AS one
            WHERE one.id = incoming.post_id OFFSET 0
        ) AS post
        LEFT JOIN LATERAL (
            SELECT * FROM monitoring_otherobservation AS one
            WHERE one.post_id = post.id ORDER BY one.observed_at DESC LIMIT 1
        ) AS last ON true
        CROSS JOIN LATERAL (
            SELECT coalesce(last.observed_at > incoming.observed_at, false) AS is_late,
                last.observed_at IS NOT NULL AND (
                    last.observed_at > post.counted_at OR post.counted_at > incoming.observed_at
                ) AS is_after_other
            OFFSET 0  -- else it is worked out again wherever it is named
        ) AS place
        -- Few exports come late, and only for them all readings of a post are looked at.
        LEFT JOIN LATERAL (
            SELECT * FROM (
                SELECT * FROM ({readings_of_post}) AS one
                ORDER BY one.observed_at > incoming.observed_at,
                    CASE WHEN one.observed_at <= incoming.observed_at
                        THEN one.observed_at END DESC,
                    one.observed_at
                LIMIT 1
            ) AS one
            WHERE place.is_late OFFSET 0
        ) AS nearest ON true
        CROSS JOIN LATERAL (
            SELECT {nearest_reading}
        ) AS reading
        CROSS JOIN LATERAL (
            SELECT
                reading.observed_at <> incoming.observed_at AS is_new_reading,
                reading.observed_at = incoming.observed_at
                    AND {incoming_reading} > {reading} AS is_greater,
                CASE
                    WHEN {incoming_says} <> {post_says} THEN {incoming_says}
                    WHEN incoming.observed_at > greatest(post.counted_at, last.observed_at)
                        THEN {incoming_details} <> {post_details}
                    WHEN incoming.observed_at = greatest(post.counted_at, last.observed_at)
                        THEN {incoming_details} > {post_details}
                    ELSE false
                END AS is_described_anew
            OFFSET 0
        ) AS verdict
        CROSS JOIN LATERAL (
            -- Newer than the reading that is reported for good.
            SELECT verdict.is_new_reading AND NOT verdict.is_described_anew AND NOT %(latest)s
                AND NOT post.is_provisional AND incoming.observed_at > post.counted_at
                AS is_settled
        ) AS settled
        CROSS JOIN LATERAL (
            SELECT settled.is_settled, NOT settled.is_settled AND (
                verdict.is_new_reading OR verdict.is_greater OR verdict.is_described_anew
            ) AS is_touched
        ) AS step
    ), settled AS (
        INSERT INTO monitoring_otherobservation
            (post_id, observed_at, source_import_id, {names})
        SELECT post_id, observed_at, %(import)s, {new_names} FROM compared WHERE is_settled
    ), touched AS (
        INSERT INTO known
        SELECT post_id, post_place, observed_at,
            account_id, type, language, published_at, followers, {names},
            reactions, interactions, is_provisional, counted_at, counted_in,
            is_repeat, differs, is_new_reading, is_greater, is_described_anew
        FROM compared WHERE is_touched
    )
    SELECT count(*) FILTER (WHERE is_touched), count(*) FILTER (WHERE is_described_anew),
        count(*) FILTER (WHERE is_settled AND differs)
    FROM compared
"""


@cache
def compare(untold: tuple[str, ...] = ()) -> str:
    """The statement that compares, of a file that leaves some of the details untold.

    It tells how many posts are touched, how many of them described anew, and of how many others
    the counters changed.
    """
    return statement(
        _COMPARE,
        names=listed(COUNTERS),
        new_names=listed(COUNTERS, "new_{}"),
        counters=listed(COUNTERS, "post.{}"),
        new_counters=listed(COUNTERS, "incoming.{} AS new_{}"),
        incoming_counters=listed(COUNTERS, "incoming.{}"),
        reading_counters=listed(COUNTERS, "reading.{}"),
        incoming_reading=_reading("incoming"),
        reading=_reading("reading"),
        readings_of_post=_READINGS_OF_POST,
        nearest_reading=_nearest_reading(),
        incoming_says=_says("incoming"),
        post_says=_says("post"),
        incoming_details=_details("incoming", untold),
        post_details=_details("post", untold),
    )


# Which reading of each touched post is reported from now on: the row's, the one that was (unless
# the row says more about the same moment), or another.
CHOOSE = statement(
    """
    CREATE TEMP TABLE chosen ON COMMIT DROP AS
    SELECT known.post_id, since.stable_at, reading.*
    FROM known
    JOIN incoming ON incoming.post_id = known.post_id
    CROSS JOIN LATERAL (
        SELECT make_interval(days => %(days)s) + CASE
            WHEN known.is_described_anew THEN incoming.published_at
            ELSE known.published_at
        END AS stable_at
    ) AS since
    CROSS JOIN LATERAL (
        SELECT * FROM (
            SELECT known.observed_at, %(import)s::bigint AS source_import_id, {incoming_counters}
            WHERE known.is_new_reading OR known.is_greater
            UNION ALL
            SELECT known.counted_at, known.counted_in, {known_counters}
            WHERE NOT known.is_greater OR known.observed_at <> known.counted_at
            UNION ALL
            SELECT observed_at, source_import_id, {counters}
            FROM monitoring_otherobservation AS other WHERE other.post_id = known.post_id
                AND (NOT known.is_greater OR other.observed_at <> known.observed_at)
        ) AS one
        ORDER BY %(latest)s OR one.observed_at < since.stable_at,
            CASE WHEN NOT %(latest)s AND one.observed_at >= since.stable_at
                THEN one.observed_at END,
            one.observed_at DESC
        LIMIT 1
    ) AS reading
    """,
    counters=listed(COUNTERS),
    incoming_counters=listed(COUNTERS, "incoming.{}"),
    known_counters=listed(COUNTERS, "known.{}"),
)
# A reading that becomes the reported one moves into its post,
MOVE_IN = """
    DELETE FROM monitoring_otherobservation WHERE ctid = ANY (ARRAY(
        SELECT (
            SELECT one.ctid FROM monitoring_otherobservation AS one
            WHERE (one.post_id, one.observed_at) = (chosen.post_id, chosen.observed_at)
        ) FROM chosen
    ))
"""
# and the one that was reported moves out.
MOVE_OUT = statement(
    """
    INSERT INTO monitoring_otherobservation (post_id, observed_at, source_import_id, {counters})
    SELECT known.post_id, known.counted_at, known.counted_in, {known_counters}
    FROM known JOIN chosen ON chosen.post_id = known.post_id
    WHERE chosen.observed_at <> known.counted_at
        AND (NOT known.is_greater OR known.observed_at <> known.counted_at)
    """,
    counters=listed(COUNTERS),
    known_counters=listed(COUNTERS, "known.{}"),
)
_ADD_READINGS = SQL(
    """
    INSERT INTO monitoring_otherobservation (post_id, observed_at, source_import_id, {counters})
    SELECT known.post_id, known.observed_at, %(import)s, {incoming_counters}
    FROM known
    JOIN incoming ON incoming.post_id = known.post_id
    JOIN chosen ON chosen.post_id = known.post_id
    WHERE known.observed_at <> chosen.observed_at
    """
).format(counters=listed(COUNTERS), incoming_counters=listed(COUNTERS, "incoming.{}"))
# A row's reading that is not reported goes there too. One of a moment of which the post has none
# meets no other, and looking for it would take as long again as storing it.
ADD_NEW_READINGS = statement("{add} AND known.is_new_reading", add=_ADD_READINGS)
ADD_GREATER_READINGS = statement(
    """
    {add} AND known.is_greater
    ON CONFLICT (post_id, observed_at) DO UPDATE
    SET source_import_id = excluded.source_import_id, {excluded_counters}
    """,
    add=_ADD_READINGS,
    excluded_counters=listed(COUNTERS, "{} = excluded.{}"),
)
DESCRIBED_ANEW = "SELECT post_id FROM known WHERE is_described_anew"
_UPDATE_KNOWN = """
    UPDATE monitoring_post AS post SET
        {described},
        {counted},
        counted_at = chosen.observed_at,
        recounted_in_id = nullif(chosen.source_import_id, post.first_import_id),
        is_provisional = chosen.observed_at < chosen.stable_at
    FROM chosen
    JOIN incoming ON incoming.post_id = chosen.post_id
    JOIN known ON known.post_id = chosen.post_id
    LEFT JOIN unnest(%(described)s::bigint[], %(languages)s::text[]) AS judged (post_id, language)
        ON judged.post_id = chosen.post_id
    -- The array has them fetched from their places, whatever the join would have come to.
    WHERE post.ctid = ANY (ARRAY(SELECT post_place FROM known)) AND post.ctid = known.post_place
"""


@cache
def update_known(untold: tuple[str, ...] = ()) -> str:
    """The statement that changes the posts; what a file leaves untold of them stays.

    Of those that are described anew (``described``, by id) it is told the ``languages``.
    """
    told = {name: f"incoming.{name}" for name in _DETAILS if name not in untold}
    if "text" in told:
        told["language"] = "judged.language"
    return statement(
        _UPDATE_KNOWN,
        described=SQL(
            ", ".join(
                f"{name} = CASE WHEN known.is_described_anew THEN {new} ELSE post.{name} END"
                for name, new in told.items()
            )
        ),
        counted=listed(COUNTERS, "{} = chosen.{}"),
    )


# A newer reading that says the same is no change, unless it makes the counters final.
COUNT_UPDATED = statement(
    """
    SELECT count(*) FROM known JOIN chosen ON chosen.post_id = known.post_id
    WHERE NOT known.is_repeat AND (
        (known.is_new_reading AND known.differs)
        OR known.is_greater OR known.is_described_anew
        OR (chosen.observed_at < chosen.stable_at) <> known.is_provisional
        OR {chosen_reading} <> {known_reading}
    )
    """,
    chosen_reading=_reading("chosen"),
    known_reading=_reading("known"),
)
