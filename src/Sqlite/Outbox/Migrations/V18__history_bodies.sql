-- What was sent and answered, compressed, where it is kept. id: of the row in history. size: of both before the compression.
create table history_bodies (
    id integer primary key,
    request blob,
    answer blob,
    size integer not null
);
