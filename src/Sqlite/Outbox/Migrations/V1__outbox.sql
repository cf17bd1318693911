create table workspaces (
    id integer primary key,
    name text not null unique,
    pause_reason text,
    lease_epoch integer not null default 0,
    lease_released integer not null default 1
);

-- done_seq: the highest sequence whose row is gone. Together with the rows still stored it fences sequences that were given out.
create table customers (
    id integer primary key,
    workspace_id integer not null,
    key text not null,
    done_seq integer not null default 0,
    unique (workspace_id, key)
);

-- The calls that wait. Appended in the order of position, and never changed, so that the rows of one commit share pages: an index
-- by customer would cost a page of log for nearly every row. Narrow columns stand first: reading them follows no body's overflow pages.
-- Times are UTC in ticks of 100 ns.
create table calls (
    position integer primary key,
    workspace_id integer not null,
    customer_id integer not null,
    seq integer not null,
    call_id blob not null,
    kind integer not null,
    limit_class integer not null,
    priority integer not null,
    accepted_at integer not null,
    method text not null,
    target text not null,
    headers text not null,
    other_customer text,
    body blob not null
);

-- Where a customer's calls stand, for those that have waited for some time or were tried. Younger calls are indexed in memory and
-- come here many at once, sorted. All of a customer's calls here precede its younger ones.
create table queues (
    workspace_id integer not null,
    customer_id integer not null,
    seq integer not null,
    position integer not null,
    limit_class integer not null,
    priority integer not null,
    attempts integer not null default 0,
    not_before integer,
    last_error text,
    primary key (workspace_id, customer_id, seq)
) without rowid;

create table dead_letters (
    position integer primary key,
    workspace_id integer not null,
    customer text not null,
    attempts integer not null,
    reason text not null,
    died_at integer not null,
    call_id blob not null,
    kind integer not null,
    limit_class integer not null,
    priority integer not null,
    accepted_at integer not null,
    method text not null,
    target text not null,
    headers text not null,
    other_customer text,
    body blob not null
);

create unique index dead_letters_by_call on dead_letters (workspace_id, call_id);

-- reserved_until: positions are never given out twice, not even after a restart; they are reserved in blocks.
-- queued_until: every call up to this position stands in queues.
create table progress (reserved_until integer not null, queued_until integer not null);
insert into progress values (0, 0);
