using CioOrleans.Outbox.Tests.Contract;

namespace CioOrleans.Postgres.Tests.Outbox;

public sealed class PostgresQueueTests : QueueContract<PostgresHarness>;

public sealed class PostgresTwoWriterQueueTests : QueueContract<TwoWriterHarness>;

public sealed class PostgresHeadsTests : HeadsContract<PostgresHarness>;

public sealed class PostgresDeadLetterTests : DeadLetterContract<PostgresHarness>;

public sealed class PostgresWorkspaceStateTests : WorkspaceStateContract<PostgresHarness>;

public sealed class PostgresImportTests : ImportContract<PostgresHarness>;
public sealed class PostgresSendResultTests : SendResultContract<PostgresHarness>;

public sealed class PostgresListTests : ListContract<PostgresHarness>;

public sealed class PostgresFindCallsTests : FindCallsContract<PostgresHarness>;

public sealed class PostgresRefusedCallTests : RefusedCallContract<PostgresHarness>;

public sealed class PostgresAuditTests : AuditContract<PostgresHarness>;

public sealed class PostgresLeaseTests : LeaseContract<PostgresHarness>;

public sealed class PostgresModelTests : ModelContract<PostgresHarness>;

public sealed class PostgresSweepTests : SweepContract<PostgresHarness>;

public sealed class PostgresHistoryTests : HistoryContract<PostgresHarness>;
