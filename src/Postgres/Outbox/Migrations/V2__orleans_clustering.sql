-- What Microsoft.Orleans.Clustering.AdoNet looks for. It reads the texts from OrleansQuery at its start and runs them with the
-- parameters it names; the names and meanings of keys, parameters and columns are its contract. Each text is one statement,
-- so each is atomic under read committed: a change of the membership first advances the version by compare-and-swap, which
-- locks the version's row, and touches a silo's row only where that worked.
create table OrleansQuery (
    QueryKey varchar(64) primary key,
    QueryText text not null
);

create table OrleansMembershipVersionTable (
    DeploymentId varchar(150) primary key,
    Version integer not null default 0,
    "timestamp" timestamptz(3) not null default now()
);

create table OrleansMembershipTable (
    DeploymentId varchar(150) not null,
    Address varchar(45) not null,
    Port integer not null,
    Generation integer not null,
    SiloName varchar(150) not null,
    HostName varchar(150) not null,
    Status integer not null,
    ProxyPort integer null,
    SuspectTimes varchar(8000) null,
    StartTime timestamptz(3) not null,
    IAmAliveTime timestamptz(3) not null,
    primary key (DeploymentId, Address, Port, Generation)
);

insert into OrleansQuery (QueryKey, QueryText) values
('MembershipReadAllKey', $sql$
    select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
        m.StartTime, m.IAmAliveTime, v.Version
    from OrleansMembershipVersionTable v
    left join OrleansMembershipTable m on m.DeploymentId = v.DeploymentId
    where v.DeploymentId = @DeploymentId
$sql$),
('MembershipReadRowKey', $sql$
    select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
        m.StartTime, m.IAmAliveTime, v.Version
    from OrleansMembershipVersionTable v
    left join OrleansMembershipTable m
        on m.DeploymentId = v.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
    where v.DeploymentId = @DeploymentId
$sql$),
('InsertMembershipVersionKey', $sql$
    with added as (
        insert into OrleansMembershipVersionTable (DeploymentId) values (@DeploymentId)
        on conflict do nothing
        returning 1
    )
    select count(*)::integer from added
$sql$),
-- A silo that is there already leaves the version as it is: the check and the swap see the row under the version's lock.
('InsertMembershipKey', $sql$
    with advanced as (
        update OrleansMembershipVersionTable set Version = Version + 1, "timestamp" = now()
        where DeploymentId = @DeploymentId and Version = @Version and not exists (
            select from OrleansMembershipTable
            where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation)
        returning DeploymentId
    ), added as (
        insert into OrleansMembershipTable
            (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        select DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from advanced
        returning 1
    )
    select count(*)::integer from added
$sql$),
('UpdateMembershipKey', $sql$
    with advanced as (
        update OrleansMembershipVersionTable set Version = Version + 1, "timestamp" = now()
        where DeploymentId = @DeploymentId and Version = @Version and exists (
            select from OrleansMembershipTable
            where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation)
        returning DeploymentId
    ), changed as (
        update OrleansMembershipTable m set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
        from advanced
        where m.DeploymentId = advanced.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
        returning 1
    )
    select count(*)::integer from changed
$sql$),
('UpdateIAmAlivetimeKey', $sql$
    update OrleansMembershipTable set IAmAliveTime = @IAmAliveTime
    where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation
$sql$),
('GatewaysQueryKey', $sql$
    select Address, ProxyPort, Generation from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0
$sql$),
('DeleteMembershipTableEntriesKey', $sql$
    with silos as (
        delete from OrleansMembershipTable where DeploymentId = @DeploymentId
    )
    delete from OrleansMembershipVersionTable where DeploymentId = @DeploymentId
$sql$),
('CleanupDefunctSiloEntriesKey', $sql$
    delete from OrleansMembershipTable
    where DeploymentId = @DeploymentId and IAmAliveTime < @IAmAliveTime and Status <> 3
$sql$),
('CleanupDefunctSiloEntryKey', $sql$
    delete from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation and Status = 6
        and StartTime = @StartTime and IAmAliveTime = @IAmAliveTime and SuspectTimes is not distinct from @SuspectTimes
$sql$);
