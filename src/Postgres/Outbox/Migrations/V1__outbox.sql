create table workspaces (
    id smallint generated always as identity primary key,
    name text not null unique,
    pause_reason text
);

-- last_seq: the highest sequence ever given out. An append advances it by compare-and-swap: that is the fence against a twin
-- of a customer's grain, and it holds after the rows are gone. No index holds it, so with room in the page an update touches
-- no index (HOT), and the page is tidied by the next update instead of by a vacuum.
create table customers (
    id bigint generated always as identity primary key,
    workspace_id smallint not null,
    key text not null,
    last_seq bigint not null default 0,
    unique (workspace_id, key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 10000);

-- position: the inserting transaction's id, times 4096, plus the row's place in it. A reader that has seen everything below the
-- oldest transaction still running can go on from there and misses nothing, whoever commits in which order.
-- Times are UTC in ticks of 100 ns.
create table calls (
    position bigint not null,
    customer_id bigint not null,
    seq bigint not null,
    accepted_at bigint not null,
    not_before bigint,
    call_id uuid not null,
    attempts integer not null default 0,
    workspace_id smallint not null,
    kind smallint not null,
    limit_class smallint not null,
    priority smallint not null,
    method text not null,
    target text not null,
    headers text not null,
    other_customer text,
    last_error text,
    body bytea not null,
    -- Covers all that a head's state needs: paging over heads reads no row.
    primary key (workspace_id, customer_id, seq) include (limit_class, priority, attempts, not_before)
);

create index calls_by_position on calls (workspace_id, position) include (customer_id);

-- Every row of a queue dies soon, so a vacuum is due after so many dead rows rather than after a share of a table that may be
-- empty a minute later; the small share keeps a vacuum, which reads both indexes whole, rare while ten million rows wait.
-- Inserts alone must bring one too: until a page is marked all-visible, index-only reads look into it. The default cost
-- limit would let a vacuum fall behind the deletes of a busy dispatcher.
alter table calls set (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 20000,
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_analyze_scale_factor = 0.2,
    autovacuum_analyze_threshold = 50000,
    autovacuum_vacuum_cost_delay = 1,
    autovacuum_vacuum_cost_limit = 2000,
    toast.autovacuum_vacuum_scale_factor = 0.02,
    toast.autovacuum_vacuum_threshold = 20000,
    toast.autovacuum_vacuum_cost_delay = 1,
    toast.autovacuum_vacuum_cost_limit = 2000
);

create table dead_letters (
    workspace_id smallint not null,
    call_id uuid not null,
    accepted_at bigint not null,
    died_at bigint not null,
    attempts integer not null,
    kind smallint not null,
    limit_class smallint not null,
    priority smallint not null,
    customer text not null,
    reason text not null,
    method text not null,
    target text not null,
    headers text not null,
    other_customer text,
    body bytea not null,
    primary key (workspace_id, call_id)
);

-- One row a workspace, rewritten every second. predecessor_ends_at: until then an owner before the present one may be sending.
create table leases (
    workspace text primary key,
    owner text not null,
    epoch bigint not null,
    expires_at timestamptz not null,
    predecessor_ends_at timestamptz not null,
    released_at timestamptz,
    hand_over text
) with (fillfactor = 10);
