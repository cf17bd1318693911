-- Keys that are made once and never leave the database and the silos.
create table secrets (
    name text primary key,
    value bytea not null
);
