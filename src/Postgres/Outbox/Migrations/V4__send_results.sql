-- Customer.io's answers to stored sends, until they are forgotten.
create table send_results (
    workspace_id smallint not null,
    call_id uuid not null,
    status integer not null,
    body text not null,
    stored_at bigint not null,
    primary key (workspace_id, call_id)
);

create index send_results_by_age on send_results (workspace_id, stored_at);
