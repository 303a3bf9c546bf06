"""The statements with which ``codings`` stores and compares answers: one each, whatever was said.

A save holds the lock on its project's chain, so every statement less is a shorter wait for others.
Whoever else changes what counts for a post takes that lock first.
"""

from monitoring.services.revisions import RAISE_REVISION_OF_CODINGS

# A row of the history with its answers, the head of the chain, the person's queue, the revision.
# Returns the row's id, how many mentions name an actor of the project (the others are not stored),
# how many posts of the queue it concerns, and how many of the actors count as another one.
STORE_DECISION = f"""
    WITH coding AS (
        INSERT INTO coding_coding (
            project_id, post_id, coder_id, version_id, kind, number, request_id, reason, asks,
            seconds, made_at, chain_number, previous_hash, hash
        ) VALUES (
            %(project)s, %(post)s, %(coder)s, %(version)s, %(kind)s, %(number)s, %(request_id)s,
            %(reason)s, %(asks)s, %(seconds)s, %(made_at)s, %(chain_number)s, %(previous_hash)s,
            %(hash)s
        ) RETURNING id
    ), topics AS (
        INSERT INTO coding_codingtopic (coding_id, topic_id)
        SELECT coding.id, given.topic FROM coding, unnest(%(topics)s::bigint[]) AS given(topic)
    ), flags AS (
        INSERT INTO coding_flag (coding_id, kind_id, quote, translation)
        SELECT coding.id, given.*
        FROM coding, unnest(%(flags)s::bigint[], %(quotes)s::text[], %(translations)s::text[])
            AS given
    ), extra AS (
        INSERT INTO coding_extraanswer (coding_id, question_id, value)
        SELECT coding.id, given.*
        FROM coding, unnest(%(questions)s::bigint[], %(values)s::text[]) AS given
    ), mentions AS (
        INSERT INTO coding_mention (coding_id, actor_id, tone_id)
        SELECT coding.id, actor.id, given.tone
        FROM coding, unnest(%(actors)s::bigint[], %(tones)s::bigint[]) AS given(actor, tone)
        JOIN monitoring_actor actor ON actor.id = given.actor AND actor.project_id = %(project)s
        RETURNING id
    ), head AS (
        UPDATE coding_chainhead SET number = %(chain_number)s, hash = %(hash)s
        WHERE project_id = %(project)s
    ), queue AS (
        UPDATE coding_assignment SET state = %(state)s
        WHERE project_id = %(project)s AND post_id = %(post)s AND monitor_id = %(coder)s
            AND %(state)s IS NOT NULL
        RETURNING id
    ), revision AS ({RAISE_REVISION_OF_CODINGS})
    SELECT coding.id, (SELECT count(*) FROM mentions), (SELECT count(*) FROM queue),
        (SELECT count(merged_into_id) FROM monitoring_actor WHERE id = ANY(%(actors)s::bigint[]))
    FROM coding
"""  # noqa: S608  # put together from constants

# Of ``coding``: its author has said nothing since that takes its place.
STANDS = """
    coding.kind IN ('coding', 'settlement') AND NOT EXISTS (
        SELECT FROM coding_coding later WHERE later.post_id = coding.post_id
            AND later.coder_id = coding.coder_id AND later.number > coding.number
            AND (later.kind = 'withdrawal' OR (later.kind IN ('settlement', 'reversal'))
                = (coding.kind = 'settlement'))
    )
"""

# Rows of ``Answers.essence``, each with its coding, in the keys that count now: two who coded under
# different versions agree where a merge made one topic of two, or one actor of two. Free text need
# not be equal.
ESSENCES = """
    SELECT answer.coding_id, 'topic', topic.key, 0
    FROM coding_codingtopic answer JOIN coding_counted_topics topic ON topic.id = answer.topic_id
    WHERE answer.coding_id = ANY(%(codings)s)
    UNION ALL
    SELECT answer.coding_id, 'tone', tone.key, answer.actor_id
    FROM coding_counted_mentions answer JOIN coding_counted_tones tone ON tone.id = answer.tone_id
    WHERE answer.coding_id = ANY(%(codings)s)
    UNION ALL
    SELECT answer.coding_id, 'flag', kind.key, 0
    FROM coding_flag answer JOIN coding_counted_flags kind ON kind.id = answer.kind_id
    WHERE answer.coding_id = ANY(%(codings)s)
    UNION ALL
    SELECT answer.coding_id, 'extra ' || counted.key, answer.value, 0
    FROM coding_extraanswer answer
    JOIN coding_question question ON question.id = answer.question_id AND question.kind <> 'text'
    JOIN coding_counted_questions counted ON counted.id = question.id
    WHERE answer.coding_id = ANY(%(codings)s)
"""
