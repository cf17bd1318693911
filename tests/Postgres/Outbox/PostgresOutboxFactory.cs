using CioOrleans.Grains.Outbox;
using CioOrleans.Postgres.Outbox;
using CioOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CioOrleans.Postgres.Tests.Outbox;

internal static class PostgresOutboxFactory
{
    public static async Task<PostgresOutbox> OpenAsync(string connectionString, PostgresOutboxOptions? options = null)
    {
        var outbox = new PostgresOutbox(
            connectionString, options ?? new PostgresOutboxOptions(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance);
        await outbox.OpenAsync();
        return outbox;
    }

    /// <summary>Repeats an append until the outbox is there again; the caller's sequence is free, since nothing was stored.</summary>
    public static Task<AppendResult> UntilAvailableAsync(Func<ValueTask<AppendResult>> append) => Wait.ForAnswerAsync(
        "An outbox that takes the append", TimeSpan.FromSeconds(60), async () => await append() is var result and not AppendResult.Unavailable ? result : null);
}
