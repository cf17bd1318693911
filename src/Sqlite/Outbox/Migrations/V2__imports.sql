-- How far each import has come: counts, as its grain stores them about once a second.
create table imports (
    workspace_id integer not null,
    import_id blob not null,
    state text not null,
    primary key (workspace_id, import_id)
) without rowid;
