using CioOrleans.Calls;

namespace CioOrleans.History;

/// <summary>Selects rows of one workspace's history. All parts must match; null for any.</summary>
[GenerateSerializer, Immutable, Alias("cio.HistoryFilter")]
public sealed record HistoryFilter
{
    /// <summary>The size of bodies, before their compression, after which a page ends.</summary>
    public const int PageBytes = 4 << 20;

    /// <summary>The ordering key.</summary>
    [Id(0)]
    public string? Customer { get; init; }

    [Id(1)]
    public Ulid? CallId { get; init; }

    /// <summary>The event's own id, as it is written in the JSON; the value of an <c>Idempotency-Key</c> matches too.</summary>
    [Id(2)]
    public string? EventId { get; init; }

    [Id(3)]
    public CallKind? Kind { get; init; }

    [Id(4)]
    public Ulid? Import { get; init; }

    [Id(5)]
    public HistoryStatus? Status { get; init; }

    /// <summary>Only rows that ended at this time or later.</summary>
    [Id(6)]
    public DateTimeOffset? From { get; init; }

    /// <summary>Only rows that ended before this time.</summary>
    [Id(7)]
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether rows come with their bodies, where these are kept (default: false). A page then ends after 4 MB of bodies.</summary>
    [Id(8)]
    public bool WithBodies { get; init; }

    /// <summary>The first eight bytes of the digests that the event's id may have.</summary>
    public IReadOnlyList<long> EventKeys => EventId is not { } id ? [] :
    [
        DuplicateKey.OfEventId(System.Text.Encoding.UTF8.GetBytes(id)).ToPrefix(),
        DuplicateKey.OfMessageId(System.Text.Encoding.UTF8.GetBytes(id)).ToPrefix(),
        DuplicateKey.OfIdempotencyKey(id).ToPrefix(),
    ];

    /// <summary>Whether the parts match that no index selects.</summary>
    public bool Matches(HistoryResult result, int status, CallKind? kind, Ulid? import) =>
        (Kind is null || kind == Kind) && (Import is null || import == Import) && (Status is not { } wanted || wanted.Matches(result, status));
}

/// <summary>A class of results. The numbers cross the wire: never renumber.</summary>
[GenerateSerializer, Alias("cio.HistoryStatus")]
public enum HistoryStatus : byte
{
    /// <summary>Customer.io took the call or answered the forwarded request with 2xx.</summary>
    Success = 0,

    /// <summary>Everything else.</summary>
    Failure = 1,

    /// <summary>A 3xx.</summary>
    Redirect = 2,

    /// <summary>A 4xx.</summary>
    ClientError = 3,

    /// <summary>A 5xx.</summary>
    ServerError = 4,

    /// <summary>No answer.</summary>
    NoAnswer = 5,

    /// <summary>The call became a dead letter.</summary>
    DeadLetter = 6,
}

/// <summary>The names and meanings of <see cref="HistoryStatus"/>.</summary>
public static class HistoryStatuses
{
    private static readonly (string Name, HistoryStatus Status)[] _names =
    [
        ("success", HistoryStatus.Success), ("failure", HistoryStatus.Failure), ("3xx", HistoryStatus.Redirect), ("4xx", HistoryStatus.ClientError),
        ("5xx", HistoryStatus.ServerError), ("none", HistoryStatus.NoAnswer), ("dead-letter", HistoryStatus.DeadLetter),
    ];

    /// <summary>All names, in the order of the enum.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _names.Select(name => name.Name)];

    /// <summary>Finds a status class by its name.</summary>
    public static bool TryParse(string name, out HistoryStatus status)
    {
        var index = Array.FindIndex(_names, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        status = index < 0 ? default : _names[index].Status;
        return index >= 0;
    }

    /// <summary>Whether no row that Customer.io took can match.</summary>
    public static bool IsFailure(this HistoryStatus status) => status != HistoryStatus.Success;

    /// <summary>Whether a row belongs to the class.</summary>
    public static bool Matches(this HistoryStatus wanted, HistoryResult result, int status) => wanted switch
    {
        HistoryStatus.Success => IsSuccess(result, status),
        HistoryStatus.Failure => !IsSuccess(result, status),
        HistoryStatus.Redirect => status is >= 300 and < 400,
        HistoryStatus.ClientError => status is >= 400 and < 500,
        HistoryStatus.ServerError => status is >= 500 and < 600,
        HistoryStatus.NoAnswer => status == 0 && result is HistoryResult.Failed or HistoryResult.Unanswered or HistoryResult.Unreported or HistoryResult.Unknown,
        _ => result is HistoryResult.Rejected or HistoryResult.Unknown or HistoryResult.Unsendable or HistoryResult.UsedUp or HistoryResult.Held,
    };

    private static bool IsSuccess(HistoryResult result, int status) => result == HistoryResult.Delivered || (result == HistoryResult.Forwarded && status is >= 200 and < 300);
}

/// <summary>Some rows, the newest first.</summary>
/// <param name="Rows">The rows; a page may have fewer than the limit, even none, and yet not be the last.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.HistoryPage")]
public sealed record HistoryPage([property: Id(0)] IReadOnlyList<HistoryRow> Rows, [property: Id(1)] long? Next);
