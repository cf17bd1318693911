-- send_attempt: names the attempt of a send from before its request is written until its end is stored; a row that is found with it after a
-- restart belongs to an attempt whose outcome is unknown. It was a sentence in last_error before, which named no attempt.
alter table queues add column send_attempt blob;
update queues set send_attempt = zeroblob(16), last_error = null
where last_error = 'the request had begun to leave, and its end was never recorded';

-- outcome_unknown: 1 where the message may have been sent. It was the start of the reason before.
alter table dead_letters add column outcome_unknown integer not null default 0;
update dead_letters set outcome_unknown = 1
where kind = 22 and substr(reason, 1, 49) = 'outcome unknown, the message may have been sent: ';

alter table send_results add column content_type text;

-- The keys under which callers repeat sends (Idempotency-Key): bound in the commit that stores the send.
-- name: digest of the endpoint and the key. content: digest of the request. ended_at: null while the send waits or stands as a dead letter.
create table send_keys (
    workspace_id integer not null,
    name blob not null,
    call_id blob not null,
    content blob not null,
    customer text not null,
    ended_at integer,
    primary key (workspace_id, name)
) without rowid;

create unique index send_keys_by_call on send_keys (workspace_id, call_id);
create index send_keys_by_end on send_keys (workspace_id, ended_at) where ended_at is not null;
