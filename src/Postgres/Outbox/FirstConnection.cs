using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>
/// Opens the first connections of a process. A starting process is slow, and often everything else on the machine starts at the same time. A time-out that
/// suits a waiting caller is too short here, so a connection that timed out is tried again.
/// </summary>
internal static class FirstConnection
{
    private const int Attempts = 5;

    /// <exception cref="OutboxDatabaseException">Every attempt timed out, or there is another error.</exception>
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
                // Try again.
            }
            catch (NpgsqlException exception)
            {
                throw new OutboxDatabaseException($"The outbox's database cannot be used: {exception.Message}", exception);
            }
        }
    }
}
