-- No partition is made meanwhile.
select pg_advisory_xact_lock(x'63696f2d68697374'::bigint);

-- What was sent and answered, compressed, where it is kept. id, customer_id and day: of the row in history. size: of both before the compression.
create table history_bodies (
    id bigint not null,
    customer_id bigint not null,
    day integer not null,
    size integer not null,
    request bytea,
    answer bytea,
    primary key (id, customer_id, day)
) partition by list (day);

create function history_prepare_bodies(wanted integer) returns void language plpgsql set search_path from current as $$
begin
    execute format('create table history_bodies_%s (like history_bodies including defaults including constraints)', wanted);
    -- The bytes are compressed already.
    execute format('alter table history_bodies_%s alter column request set storage external, alter column answer set storage external', wanted);
    execute format('alter table history_bodies attach partition history_bodies_%s for values in (%s)', wanted, wanted);
end
$$;

select history_prepare_bodies(day) from history_days;

create or replace function history_prepare(first integer, last integer) returns integer language plpgsql security definer set search_path from current as $$
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
        perform history_prepare_bodies(wanted);
        insert into history_days values (wanted);
        made := made + 1;
    end loop;
    return made;
end
$$;

create or replace function history_drop(gone integer) returns void language plpgsql security definer set search_path from current as $$
begin
    if pg_try_advisory_xact_lock(x'63696f2d68697374'::bigint) then
        delete from history_days where day = gone;
        execute format('drop table if exists history_%s', gone);
        execute format('drop table if exists history_bodies_%s', gone);
        update history_state set deleted_before = greatest(deleted_before, (gone + 1)::bigint * 86400000000 * 8192);
    end if;
end
$$;

-- The size of all partitions with their indexes, in bytes.
create or replace function history_size() returns bigint language sql stable security definer set search_path from current as $$
    select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint from pg_inherits where inhparent in ('history'::regclass, 'history_bodies'::regclass)
$$;
