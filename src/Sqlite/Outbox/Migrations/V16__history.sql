-- Requests to Customer.io and ends of calls. id: the time of the end in microseconds since 2020, times 8,192, plus a number; so rows are appended,
-- and deleted from the beginning. lasted: from sent to ended, null where nothing was sent. Times are microseconds, accepted_at milliseconds.
-- event_key: the beginning of a digest. customer_id is 0 where there is none, and after a customer was erased.
create table history (
    id integer primary key,
    workspace_id integer not null,
    customer_id integer not null,
    seq integer not null,
    limit_class integer not null,
    result integer not null,
    lasted integer,
    "precision" integer not null,
    epoch integer not null,
    permit integer not null,
    attempt integer not null,
    status integer not null,
    kind integer,
    silo_id integer not null,
    accepted_at integer not null,
    event_key integer,
    call_id blob,
    import_id blob,
    reason text
);

-- An index by customer alone would cost a page of log for nearly every row. Within a stretch of 268 s (2^41 ids) the new entries share pages,
-- and a search looks into each stretch.
create index history_by_customer on history (((id >> 41) << 32) | customer_id) where customer_id <> 0;
create index history_by_event on history (((id >> 41) << 32) | (event_key & 4294967295)) where event_key is not null;

-- An id begins with its time, so new entries share pages.
create index history_by_call on history (substr(call_id, 1, 8)) where call_id is not null;
create index history_by_failure on history (workspace_id) where result <> 0;

create table history_silos (id integer primary key, name text not null unique);

-- Under which rules rows were made, and what is missing. workspace_id: 0 for all.
create table history_notes (
    id integer primary key,
    workspace_id integer not null,
    kind text not null,
    note text not null
);

-- deleted_before: no row with a lower id is left.
create table history_state (deleted_before integer not null);
insert into history_state values (0);
