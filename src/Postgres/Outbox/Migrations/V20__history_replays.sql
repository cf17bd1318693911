-- The state of the latest replay of the history, as its grain stores it after each slice.
alter table workspaces add column history_replay text;
