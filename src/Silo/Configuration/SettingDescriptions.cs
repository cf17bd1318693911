namespace CioOrleans.Silo.Configuration;

/// <param name="Meaning">What the setting does, for an operator.</param>
/// <param name="Default">The text for the default, if the default depends on something else.</param>
/// <param name="Allowed">The text for the allowed values, if the error's text is too long for a table.</param>
internal sealed record SettingDescription(string Meaning, string? Default = null, string? Allowed = null);

/// <summary>The meaning of each setting, by the path in <see cref="SettingEntry"/>. A test checks that settings and entries match.</summary>
internal static class SettingDescriptions
{
    private const string Limits = "one or more `permits/window`, each with another window (1 to 100000 permits, 10ms to 1h), or another class whose bucket it shares";

    public static IReadOnlyDictionary<string, SettingDescription> All { get; } = new Dictionary<string, SettingDescription>(StringComparer.Ordinal)
    {
        ["Storage:Provider"] = new("Where calls are stored: one file for one process, or a PostgreSQL database for a cluster."),
        ["Storage:ConnectionString"] = new("The SQLite file. With `Postgres`: the database, as Npgsql takes it (`Host=…;Database=…;Username=…;Password=…`), and required."),
        ["Storage:Migrations"] = new("`Run` creates and upgrades the tables at the start. `Check` (PostgreSQL only) starts only where the `migrate` command has been run."),
        ["Storage:DiskReserve"] = new(
            "SQLite only. The size of a file beside the database that is given up when the disk is full, so that deliveries can still be recorded. `0`: none.",
            "`48MB`; 3/16 of a disk smaller than 256 MiB"),
        ["Storage:Readers"] = new(
            "PostgreSQL only. The maximum number of a silo's connections that read. Beside them are one that writes, and up to 16 for leases (rarely more than 4)."),

        ["Cluster:Mode"] = new("`Embedded`: front-end and silo in one process (src/Api). With PostgreSQL also `Silo` (src/Silo) and `Client`: a front-end without a silo (src/Api)."),
        ["Cluster:ConnectionString"] = new("PostgreSQL only. The database where the silos find each other.", "that of `Storage`"),
        ["Cluster:ClusterId"] = new("PostgreSQL only. The cluster's name. Two clusters on one database are refused."),
        ["Cluster:ServiceId"] = new("PostgreSQL only. The service's name in Orleans."),
        ["Cluster:SiloPort"] = new("PostgreSQL only. The port for other silos."),
        ["Cluster:GatewayPort"] = new("PostgreSQL only. The port for front-ends without a silo; another than `SiloPort`. `0`: none."),
        ["Cluster:AdvertisedAddress"] = new("PostgreSQL only. The IP address at which other processes reach this silo.", "picked by Orleans"),
        ["Cluster:Tls:Certificate"] = new("PostgreSQL only. This process's certificate with its intermediates, for mutual TLS between the processes. Needs serverAuth and clientAuth. Replaced files are used for new connections."),
        ["Cluster:Tls:Key"] = new("The unencrypted private key of `Cluster:Tls:Certificate`."),
        ["Cluster:Tls:Authority"] = new("The root certificates that sign the certificates of all processes."),
        ["Cluster:Membership:ProbeTimeout"] = new("PostgreSQL only. A silo answers a probe of another silo within this time."),
        ["Cluster:Membership:MissedProbes"] = new("PostgreSQL only. A silo that misses this many probes in a row is taken for dead."),
        ["Cluster:Membership:TableRefresh"] = new("PostgreSQL only. How often a process reads the table of silos."),
        ["Cluster:Membership:IAmAlive"] = new("PostgreSQL only. How often a silo writes that it is alive. After a crash of all silos a start waits three times as long."),

        ["Admin:ApiKey"] = new("A key whose holder may do everything. Without any key, only callers on this machine are served."),
        ["Admin:Url"] = new("The address of `/admin`, `/metrics` and `/console`. Port 0 takes any free one. Another address than loopback needs a key."),
        ["Admin:Console"] = new("Whether front-ends (src/Api) serve the web console at `/console` of `Admin:Url`."),
        ["Admin:OrleansDashboard"] = new("Whether silos measure their grains for the dashboard of Orleans, and the console serves it at `/console/orleans` to keys of the role `Operate`. The same on all silos and front-ends."),
        ["Admin:MaskPersonData"] = new("Whether keys of the role `Read` are told of no person, in the console and by `/admin`: customers' ids, e-mail addresses, bodies, reasons."),
        ["Admin:KeepAudit"] = new("How long the record of what operators did is kept."),
        ["Admin:Keys:<name>:Key"] = new("A key for one person or program, who is named in the audit record."),
        ["Admin:Keys:<name>:Role"] = new("`Read`: see. `Operate`: see and change."),

        ["Logging:Json"] = new("One JSON object for each line of the log."),
        ["Shutdown:Notice"] = new("How long a process that is told to stop goes on with `/health/ready` at 503, so that a load balancer notices before it stops listening."),

        ["Pipelines:KeepRefused"] = new("Whether invalid calls of the Pipelines API are kept for operators, where their request is answered 200. If not, nothing is stored."),
        ["Pipelines:MaxRefused"] = new("How many refused calls a workspace keeps; the oldest are deleted first."),
        ["Pipelines:MaxRefusedSize"] = new("How much of refused calls' bodies a workspace keeps; the oldest are deleted first."),
        ["Pipelines:KeepRefusedFor"] = new("How long a refused call is kept."),

        ["History:Attempts"] = new("Which requests and ends of calls are recorded. `Failed`: what did not deliver. Without `All` nothing can be proved (`cioctl verify`)."),
        ["History:Bodies"] = new("Of which recorded requests what was sent and answered is kept, compressed, within `History:MaxSize`. Person data: read with the role `Operate` only."),
        ["History:Keep"] = new("How long the history is kept; older rows are deleted."),
        ["History:MaxSize"] = new("How much room the history may take; the oldest rows go first. With SQLite it is in the file of the calls.", "`5GB`"),

        ["Workspaces:<name>:Region"] = new("The region of the workspace's Customer.io account; it decides the three hosts."),
        ["Workspaces:<name>:SiteId"] = new("The Site ID of the Track API. Callers use it, and calls leave with it. Each workspace has another one."),
        ["Workspaces:<name>:ApiKey"] = new("The API key of the Track API."),
        ["Workspaces:<name>:AppApiKey"] = new("The key of the App API: messages, broadcasts, queries. Each workspace has another one."),
        ["Workspaces:<name>:ServiceToken"] = new("A service account's token (`sa_live_…`) for the App API, with `WorkspaceId`. Callers may use it beside `AppApiKey`. Requests leave with it where there is no `AppApiKey`."),
        ["Workspaces:<name>:WorkspaceId"] = new("The workspace's number at Customer.io: the header `X-Workspace-Id` that belongs to `ServiceToken`."),
        ["Workspaces:<name>:TrackUrl"] = new("The host of the Track API.", "the region's"),
        ["Workspaces:<name>:PipelinesWriteKey"] = new("The write key of the Pipelines API. Each workspace has another one."),
        ["Workspaces:<name>:PipelinesUrl"] = new("The host of the Pipelines API.", "the region's"),
        ["Workspaces:<name>:Pipelines:Browser:WriteKey"] = new("The write key of the browser SDK's source, another than `PipelinesWriteKey`: every visitor of the site can read it. With `Origins`, it serves `/v1/i`, `t`, `p`, `s`, `g`, `a` and `b`."),
        ["Workspaces:<name>:Pipelines:Browser:Origins"] = new("The origins of the sites whose pages may call."),
        ["Workspaces:<name>:Pipelines:Browser:Rate"] = new("How many requests of browsers one address may send."),
        ["Workspaces:<name>:Pipelines:Browser:MaxQueued"] = new("How many calls of browsers may wait; further ones are answered 429."),
        ["Workspaces:<name>:AppUrl"] = new("The host of the App API.", "the region's"),
        ["Workspaces:<name>:LimitProfile"] = new("The limits that hold where `Limits` names none: conservative ones, or those that Customer.io publishes."),
        ["Workspaces:<name>:Limits:identify"] = new("Limit of changes of a person: identify, delete, devices, suppress, merge, segments.", Allowed: Limits),
        ["Workspaces:<name>:Limits:track"] = new("Limit of events, forms and delivery metrics.", Allowed: Limits),
        ["Workspaces:<name>:Limits:page"] = new("Limit of page and screen views.", Allowed: Limits),
        ["Workspaces:<name>:Limits:batch"] = new("Limit of requests with version 2 operations.", Allowed: Limits),
        ["Workspaces:<name>:Limits:transactional-email"] = new("Limit of transactional e-mails.", Allowed: Limits),
        ["Workspaces:<name>:Limits:transactional-push"] = new("Limit of all other transactional messages.", Allowed: Limits),
        ["Workspaces:<name>:Limits:query"] = new("Limit of App API requests that are passed through.", Allowed: Limits),
        ["Workspaces:<name>:Limits:broadcast"] = new("Limit of triggered broadcasts.", Allowed: Limits),
        ["Workspaces:<name>:Limits:pipelines"] = new("Limit of requests to the Pipelines API.", Allowed: Limits),
        ["Workspaces:<name>:Retry:BaseDelay"] = new("The delay before the first retry; each further one is twice as long."),
        ["Workspaces:<name>:Retry:MaxRetries"] = new("How many retries a call gets before it becomes a dead letter."),
        ["Workspaces:<name>:Retry:MaxDelay"] = new("The longest delay between two retries; at least `BaseDelay`."),
        ["Workspaces:<name>:Retry:Jitter"] = new("The share of a delay that is random."),
        ["Workspaces:<name>:Stamping:EventId"] = new("Whether an event without an `id` gets one at accept."),
        ["Workspaces:<name>:Stamping:EventTimestamp"] = new("Whether an event without a `timestamp` gets one at accept."),
        ["Workspaces:<name>:Stamping:IdentifyTimestamp"] = new("Whether an identify without a `_timestamp` gets one at accept."),
        ["Workspaces:<name>:Sends:Mode"] = new("`Forward`: the caller gets Customer.io's answer. `Durable`: as if every send said `Prefer: respond-async`."),
        ["Workspaces:<name>:Sends:Deadline"] = new("How long a send, broadcast or query waits for its permit, and the caller of a keyed send for its answer."),
        ["Workspaces:<name>:Sends:UnknownOutcome"] = new("The answer where a message may have been sent. `DoNotRepeat`: 424. `AsReceived`: Customer.io's own 5xx, 502 or 504, which SDKs repeat."),
        ["Workspaces:<name>:Sends:Sms"] = new("The limit class of SMS."),
        ["Workspaces:<name>:Sends:InApp"] = new("The limit class of in-app messages."),
        ["Workspaces:<name>:Sends:InboxMessage"] = new("The limit class of inbox messages."),
        ["Workspaces:<name>:Sends:Host"] = new("The host that transactional messages leave for. `Track` needs a `ServiceToken`; messages still count as requests to the App API's host."),
        ["Workspaces:<name>:Sends:KeepResults"] = new("How long the answer to a stored send can be asked for, and its `Idempotency-Key` is kept after its end."),
        ["Workspaces:<name>:BackPressure:MaxQueued"] = new("Calls are answered 429 while this many wait. `0`: any number may wait."),
        ["Workspaces:<name>:BackPressure:MaxAge"] = new("Calls are answered 429 while the oldest has waited this long. `0s`: any time."),
        ["Workspaces:<name>:BackPressure:MinFreeDisk"] = new("Calls are answered 429 while the disk of the SQLite file has less room. `0`: no such bound."),
        ["Workspaces:<name>:Batching:Mode"] = new("Which calls leave together in one `/api/v2/batch`: none, those that came in through version 2, or all that version 2 can express."),
        ["Workspaces:<name>:Batching:MaxItems"] = new("Operations in one request."),
        ["Workspaces:<name>:Batching:MaxBytes"] = new("Bytes of one request's body."),
        ["Workspaces:<name>:Batching:Linger"] = new("How long a call waits for others to leave with."),
        ["Workspaces:<name>:Deduplication:Enabled"] = new("Whether a call that repeats a known key is answered as accepted and not queued again."),
        ["Workspaces:<name>:Deduplication:SdkRetries"] = new("Whether a retry of the Node SDK (`X-Retry-Count`) that equals an accepted call to the byte is taken for a repeat."),
        ["Workspaces:<name>:Deduplication:SdkRetryWindow"] = new("How long after its first accept a retry is compared."),
        ["Workspaces:<name>:Imports:Keep"] = new("How long the progress of an import can be asked for."),
        ["Workspaces:<name>:DeadLetters:Keep"] = new("How long a dead letter is kept after its call was given up. Older ones are deleted for good, and a warning says how many.", "for ever"),
        ["Workspaces:<name>:OnDeadLetter"] = new("What a dead letter does to the calls behind it: they are delivered, or they wait until an operator replays it in its place or discards it."),
        ["Workspaces:<name>:TokenReturn"] = new("When a token comes back: one window after the response (never more than the limit arrives), or after the send (the full rate; jitter may let a few more arrive)."),
        ["Workspaces:<name>:MaxConcurrency"] = new("Requests in flight, divided among the hosts (Track, App, Pipelines) that the workspace has keys for."),
        ["Workspaces:<name>:AttemptTimeout"] = new("How long one attempt may take."),

        ["Sandbox:Enabled"] = new("Whether the simulated Customer.io runs in this process.", "`true` for the demo, else `false`"),
        ["Sandbox:Url"] = new("The address of the sandbox."),

        ["Api:DefaultWorkspace"] = new("The workspace that receives calls without credentials.", "the only workspace, else none"),
        ["Api:MaxBodyBytes"] = new("The largest body in bytes, after decompression."),
        ["Api:AnonymousPaths"] = new("The paths that are open without credentials, as they are at Customer.io.", "`false`"),
        ["Api:AnonymousMaxQueued"] = new("How many calls without credentials may wait in a workspace, besides those that are being stored; further ones are answered 429."),
        ["Api:AnonymousRate"] = new("How many calls without credentials one address may send."),
        ["Api:BodyTimeout"] = new("How long the reading of a body may take; a slower one is answered 408."),
        ["Api:MaxBufferedBytes"] = new("What the bodies of all requests may take in memory together; beyond it, 503 with `Retry-After`.", "`96MB`"),
        ["Api:MaxConnections"] = new("Connections at a time."),
        ["Api:MaxConnectionsPerAddress"] = new("Connections of one address at a time; 0 for no limit. Loopback and `Api:TrustedProxies` are not limited."),
        ["Api:TrustedProxies"] = new("Proxies whose `X-Forwarded-For` names the caller's address."),
        ["SecretsFolder"] = new("A folder whose files are settings, such as `Dispatcher__Workspaces__acme__ApiKey`: where Docker and Kubernetes mount secrets."),
    };
}
