using CioOrleans.Outbox.Tests.Contract;

namespace CioOrleans.Outbox.Tests.Sqlite;

public sealed class SqliteQueueTests : QueueContract<SqliteHarness>;

public sealed class SqliteHeadsTests : HeadsContract<SqliteHarness>;

public sealed class SqliteDeadLetterTests : DeadLetterContract<SqliteHarness>;

public sealed class SqliteWorkspaceStateTests : WorkspaceStateContract<SqliteHarness>;

public sealed class SqliteImportTests : ImportContract<SqliteHarness>;
public sealed class SqliteSendResultTests : SendResultContract<SqliteHarness>;

public sealed class SqliteListTests : ListContract<SqliteHarness>;

public sealed class SqliteFindCallsTests : FindCallsContract<SqliteHarness>;

public sealed class SqliteRefusedCallTests : RefusedCallContract<SqliteHarness>;

public sealed class SqliteAuditTests : AuditContract<SqliteHarness>;

public sealed class SqliteLeaseTests : LeaseContract<SqliteHarness>;

public sealed class SqliteModelTests : ModelContract<SqliteHarness>;

public sealed class SqliteConcurrencyTests : ConcurrencyContract<SqliteHarness>;

public sealed class SqliteSweepTests : SweepContract<SqliteHarness>;

public sealed class SqliteHistoryTests : HistoryContract<SqliteHarness>;
