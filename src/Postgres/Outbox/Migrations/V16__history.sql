-- Requests to Customer.io and ends of calls. id: the time of the end in microseconds since 2020, times 8,192, plus a number. lasted: from sent to
-- ended, null where nothing was sent. Times are microseconds, accepted_at milliseconds. event_key: the beginning of a digest. customer_id is 0 where
-- there is none, and after a customer was erased. day: days since 2020, which follows from the id. Partitions by day are dropped as a whole; a column of
-- its own, so that a search can name the day and yet use another index than that of the ids.
create table history (
    id bigint not null,
    customer_id bigint not null,
    seq bigint not null,
    epoch bigint not null,
    permit bigint not null,
    accepted_at bigint not null,
    lasted bigint,
    event_key bigint,
    call_id uuid,
    import_id uuid,
    day integer not null,
    "precision" integer not null,
    silo_id integer not null,
    attempt integer not null,
    workspace_id smallint not null,
    limit_class smallint not null,
    result smallint not null,
    status smallint not null,
    kind smallint,
    reason text,
    -- The customer is in it because silos number their rows apart. The same row comes again when the write of its call is repeated.
    primary key (id, customer_id, day)
) partition by list (day);

-- Within a stretch of 268 s (2^41 ids) new entries share pages, and a search looks into each stretch.
create index history_by_customer on history ((((id >> 41) << 32) | customer_id)) where customer_id <> 0;
create index history_by_event on history ((((id >> 41) << 32) | (event_key & 4294967295))) where event_key is not null;

-- A call's id begins with its time.
create index history_by_call on history (call_id) where call_id is not null;
create index history_by_failure on history (workspace_id, (-id)) where result <> 0;

-- The days that have a partition. A row of another day is dropped and counted.
create table history_days (day integer primary key);

create table history_silos (id integer generated always as identity primary key, name text not null unique);

-- Under which rules rows were made, and what is missing. workspace_id: 0 for all.
create table history_notes (
    id bigint generated always as identity primary key,
    workspace_id smallint not null,
    kind text not null,
    at bigint not null,
    note text not null
);

-- deleted_before: no row with a lower id is left.
create table history_state (deleted_before bigint not null);
insert into history_state values (0);

-- They run with the rights of the role that migrates, so that the dispatcher's role needs no right to create tables.
create function history_prepare(first integer, last integer) returns integer language plpgsql security definer set search_path from current as $$
declare
    wanted integer;
    made integer := 0;
begin
    if not pg_try_advisory_xact_lock(x'63696f2d68697374'::bigint) then
        return 0;
    end if;
    for wanted in select d from generate_series(first, last) d where not exists (select from history_days where day = d) loop
        -- Attaching locks less than creating it as a partition.
        execute format('create table history_%s (like history including defaults including constraints)', wanted);
        execute format('alter table history attach partition history_%s for values in (%s)', wanted, wanted);
        insert into history_days values (wanted);
        made := made + 1;
    end loop;
    return made;
end
$$;

create function history_drop(gone integer) returns void language plpgsql security definer set search_path from current as $$
begin
    if pg_try_advisory_xact_lock(x'63696f2d68697374'::bigint) then
        delete from history_days where day = gone;
        execute format('drop table if exists history_%s', gone);
        update history_state set deleted_before = greatest(deleted_before, (gone + 1)::bigint * 86400000000 * 8192);
    end if;
end
$$;

-- The size of all partitions with their indexes, in bytes.
create function history_size() returns bigint language sql stable security definer set search_path from current as $$
    select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint from pg_inherits where inhparent = 'history'::regclass
$$;
