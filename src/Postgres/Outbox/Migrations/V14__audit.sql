-- What operators did. The id begins with the time.
create table audit (
    entry_id uuid not null primary key,
    caller text not null,
    action text not null,
    selection text not null,
    status integer
);
