-- held_seq: the sequence of a dead letter that holds its customer's queue; null where it holds none.
alter table dead_letters add column held_seq bigint;
create index dead_letters_held on dead_letters (workspace_id, customer) where held_seq is not null;
