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

-- Appended in the order of position, so that new rows share pages. Narrow columns stand first: reading them never follows a body's overflow pages.
-- Times are UTC in ticks of 100 ns.
create table calls (
    position integer primary key,
    workspace_id integer not null,
    customer_id integer not null,
    seq integer not null,
    attempts integer not null,
    not_before integer,
    last_error text,
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

-- Covers all that a head's state needs: paging over heads reads no row.
create index calls_by_customer on calls (workspace_id, customer_id, seq, attempts, not_before, limit_class, priority);

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

-- Positions are never given out twice, not even after a restart: they are reserved in blocks.
create table position_reserve (reserved_until integer not null);
insert into position_reserve values (0);
