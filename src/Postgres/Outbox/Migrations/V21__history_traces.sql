-- trace_id: of the trace in which the call was accepted; null where it was in none.
alter table history add column trace_id uuid;
