using Orleans.Concurrency;

namespace CioOrleans.Refusing;

/// <summary>The refused calls of a workspace (key: its name). They are stored in the outbox's database, up to a number, a size and an age.</summary>
[Alias("cio.IRefusedCallGrain")]
public interface IRefusedCallGrain : IGrainWithStringKey
{
    /// <summary>
    /// Stores refused calls. A call whose id is stored is left as it is. Returns once they are on stable storage. Stores nothing where the silo's settings
    /// turn it off.
    /// </summary>
    /// <returns>Null; why they could not be stored otherwise.</returns>
    [Alias("Keep"), ResponseTimeout("00:00:10")]
    ValueTask<string?> Keep(IReadOnlyList<RefusedCall> calls);

    /// <summary>Refused calls without their bodies, newest first.</summary>
    /// <param name="before">Only calls that were refused before this one; null for all.</param>
    /// <param name="limit">The maximum number of calls; 1 to 1,000.</param>
    [Alias("Read"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<IReadOnlyList<RefusedCall>> Read(Ulid? before, int limit);

    /// <summary>One refused call with its body; null if there is none with this id.</summary>
    [Alias("Find"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    ValueTask<RefusedCall?> Find(Ulid id);

    /// <summary>Deletes one refused call. False if there is none with this id.</summary>
    /// <exception cref="IOException">The change could not be stored.</exception>
    [Alias("Delete"), ResponseTimeout("00:00:10")]
    ValueTask<bool> Delete(Ulid id);

    /// <summary>Deletes refused calls, a part of them with each request. A further request continues.</summary>
    /// <param name="person">The ordering key of a person that the calls name; null for all calls of the workspace.</param>
    /// <param name="isPreview">Whether the calls are only counted.</param>
    /// <exception cref="IOException">The change could not be stored.</exception>
    [Alias("Erase"), ResponseTimeout("00:00:10")]
    ValueTask<ErasedCalls> Erase(string? person, bool isPreview);

    /// <summary>Deletes the calls that are too old.</summary>
    [Alias("Tidy"), ResponseTimeout("00:00:10")]
    ValueTask Tidy();
}

/// <summary>What one request has erased.</summary>
/// <param name="Count">How many refused calls were deleted, or match.</param>
/// <param name="IsComplete">Whether no more calls match. If false, a further request continues.</param>
[GenerateSerializer, Immutable, Alias("cio.ErasedCalls")]
public sealed record ErasedCalls([property: Id(0)] int Count, [property: Id(1)] bool IsComplete);
