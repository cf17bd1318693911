-- How far each import has come: counts, as its grain stores them about once a second.
create table imports (
    workspace_id smallint not null,
    import_id uuid not null,
    state text not null,
    primary key (workspace_id, import_id)
) with (fillfactor = 50);
