-- Pipelines calls that Customer.io would drop. The id begins with the time. persons: each between a tab and a line feed.
create table refused_calls (
    position integer primary key,
    workspace text not null,
    refused_id blob not null,
    kept_bytes integer not null,
    type text,
    reason integer not null,
    problem text not null,
    path text not null,
    batch_index integer,
    message_id text,
    persons text not null,
    size integer not null,
    body blob not null
);

create unique index refused_calls_by_age on refused_calls (workspace, refused_id, kept_bytes);
