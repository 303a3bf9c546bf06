"""The statements with which ``codings`` stores and compares answers: one each, whatever was said.

A save holds the lock on its project's chain, so every statement less is a shorter wait for others.
"""

# Returns how many of the mentions name an actor of the project: the others are not stored.
STORE_ANSWERS = """
    WITH topics AS (
        INSERT INTO coding_codingtopic (coding_id, topic_id)
        SELECT %(coding)s, unnest(%(topics)s::bigint[])
    ), flags AS (
        INSERT INTO coding_flag (coding_id, kind_id, quote, translation)
        SELECT %(coding)s, *
        FROM unnest(%(flags)s::bigint[], %(quotes)s::text[], %(translations)s::text[])
    ), extra AS (
        INSERT INTO coding_extraanswer (coding_id, question_id, value)
        SELECT %(coding)s, * FROM unnest(%(questions)s::bigint[], %(values)s::text[])
    ), mentions AS (
        INSERT INTO coding_mention (coding_id, actor_id, tone_id)
        SELECT %(coding)s, actor.id, given.tone
        FROM unnest(%(actors)s::bigint[], %(tones)s::bigint[]) AS given(actor, tone)
        JOIN monitoring_actor actor ON actor.id = given.actor AND actor.project_id = %(project)s
        RETURNING id
    )
    SELECT count(*) FROM mentions
"""

# Rows of ``Answers.essence``, each with its coding, in the keys that count now: two who coded under
# different versions agree where a merge made one topic of two. Free text need not be equal.
ESSENCES = """
    SELECT answer.coding_id, 'topic', topic.key, 0
    FROM coding_codingtopic answer JOIN coding_counted_topics topic ON topic.id = answer.topic_id
    WHERE answer.coding_id = ANY(%(codings)s)
    UNION ALL
    SELECT answer.coding_id, 'tone', tone.key, answer.actor_id
    FROM coding_mention answer JOIN coding_counted_tones tone ON tone.id = answer.tone_id
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
