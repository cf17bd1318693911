namespace CioOrleans.Silo.Storage;

/// <summary>The database of a process: opened before the silo starts, closed after it has stopped.</summary>
internal interface IStorage
{
    Task OpenAsync(CancellationToken cancellation);

    Task CloseAsync();
}
