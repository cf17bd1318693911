using Npgsql;

namespace CioOrleans.Outbox.Postgres;

/// <summary>
/// The connections of a process that is just starting. It is slow, and often everything else on the machine starts at the same
/// time: what is short enough for a caller who waits is too short here, so a connection that came too late is tried again.
/// </summary>
internal static class FirstConnection
{
    private const int Attempts = 5;

    /// <exception cref="OutboxDatabaseException">It came too late each time, or something else is wrong.</exception>
    public static async Task<T> TryAsync<T>(Func<Task<T>> connect)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await connect().ConfigureAwait(false);
            }
            catch (NpgsqlException exception) when (exception.InnerException is TimeoutException && attempt < Attempts)
            {
                // Once more.
            }
            catch (NpgsqlException exception)
            {
                throw new OutboxDatabaseException($"The outbox's database cannot be used: {exception.Message}", exception);
            }
        }
    }
}
