using CioOrleans.Outbox;
using CioOrleans.Outbox.Postgres;
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
    public static async Task<AppendResult> UntilAvailableAsync(Func<ValueTask<AppendResult>> append)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var result = await append();
            if (result is not AppendResult.Unavailable)
            {
                return result;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
