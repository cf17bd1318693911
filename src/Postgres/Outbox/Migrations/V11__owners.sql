-- Where the owner of each workspace lives. The row survives the death of every silo. It belongs to the database that holds the membership
-- table, so that a statement can decide by the true status of a silo and not by what one silo believes.
create table owners (
    cluster_id varchar(150) not null,
    grain text not null,
    address varchar(45) not null,
    port integer not null,
    generation integer not null,
    activation text not null,
    membership_version bigint not null,
    registered_at timestamptz not null default now(),
    primary key (cluster_id, grain)
) with (fillfactor = 50);

-- Who holds a lease, for the other silos: a lease that is not renewed shows an owner that hangs. Null in rows of older versions.
alter table leases
    add column silo text,
    add column cluster_id text,
    add column acquired_at timestamptz,
    add column renewed_at timestamptz;
