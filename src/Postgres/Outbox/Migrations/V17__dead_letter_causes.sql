-- status: what Customer.io answered, 0 where it did not. cause: a digest of the reason without what differs from call to call. Both are null in rows of an
-- earlier version, until they are asked for.
alter table dead_letters
    add column status smallint,
    add column cause bigint;
create index dead_letters_by_cause on dead_letters (workspace_id, kind, cause, call_id) include (died_at);
create index dead_letters_without_cause on dead_letters (workspace_id) where cause is null;
