-- Pipelines calls that Customer.io would drop. The id begins with the time. persons: each between a tab and a line feed.
create table refused_calls (
    workspace text not null,
    refused_id uuid not null,
    kept_bytes integer not null,
    type text,
    reason smallint not null,
    problem text not null,
    path text not null,
    batch_index integer,
    message_id text,
    persons text not null,
    size integer not null,
    body bytea not null,
    primary key (workspace, refused_id)
);

create index refused_calls_by_age on refused_calls (workspace, refused_id) include (kept_bytes);
