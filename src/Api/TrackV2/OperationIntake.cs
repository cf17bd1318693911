using CioOrleans.Api.Deduplication;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.TrackV2;

/// <summary>The operations of one request while it is read.</summary>
/// <param name="workspace">Whom it is for.</param>
/// <param name="headers">The headers that go on.</param>
/// <param name="keys">What tells a repeat of the request.</param>
/// <param name="acceptedAt">When it came.</param>
internal sealed class OperationIntake(WorkspaceSettings workspace, CallHeaders headers, RequestKeys keys, DateTimeOffset acceptedAt)
{
    /// <summary>
    /// How many errors of single operations one answer tells. A caller takes an operation that is not named in it for accepted, so with more errors the whole batch is refused.
    /// </summary>
    public const int MaxErrors = 1_000;

    private const string Post = "POST";

    private readonly List<AcceptedOperation> _operations = [];
    private List<ItemError>? _errors;

    /// <summary>Makes a call of an operation. Returns what is wrong with it; null where it was taken.</summary>
    /// <param name="body">The request's body; not kept.</param>
    /// <param name="facts">Where the operation stands in it, and what it says.</param>
    /// <param name="place">In a batch: its index; otherwise null.</param>
    public OperationError? Take(ReadOnlySpan<byte> body, in OperationFacts facts, int? place)
    {
        if (OperationRules.Check(facts) is { } error)
        {
            return error;
        }

        var id = Ulid.NewUlid(acceptedAt);
        var stamped = OperationStamper.Stamp(body, facts, workspace.Stamping, id, acceptedAt);
        if (stamped.Length > CallLimits.MaxOperationBytes)
        {
            return StampedTooLarge(stamped.Length - facts.Length);
        }

        _operations.Add(new AcceptedOperation(EntityNames.KeyOf(facts), new Call
        {
            Id = id,
            Kind = OperationKinds.Of(facts),
            LimitClass = LimitClass.Batch,
            Method = Post,
            Target = OperationCallFactory.EntityTarget,
            Headers = headers,
            Notes = keys.Note(
                facts.IsEvent ? facts.OwnKey : null, Post, OperationCallFactory.EntityTarget, body[facts.Start..facts.End], place),
            Body = stamped,
            AcceptedAt = acceptedAt,
            OtherCustomer = facts.Action == OperationAction.Merge ? EntityNames.KeyOf(facts.Secondary) : null,
        }));
        return null;
    }

    /// <summary>The error of the first operation that was refused.</summary>
    public ItemError FirstError => _errors![0];

    /// <summary>Notes the error of one operation of a batch. False where there are too many to tell.</summary>
    public bool TryRefuse(int index, OperationError error)
    {
        (_errors ??= []).Add(new ItemError(index, error));
        return _errors.Count <= MaxErrors;
    }

    public TrackV2Request ToRequest() => new(null, _operations, _errors ?? []);

    // Without its stamps a repeat would not be harmless, and with them Customer.io would refuse it for ever.
    private static OperationError StampedTooLarge(int stamps) => OperationError.Size(
        "", $"The operation is larger than {CallLimits.MaxOperationBytes} bytes once its id and timestamp are added ({stamps} bytes). Send less, or give it an id and a timestamp.");
}
