using CioOrleans.Api.Deduplication;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.TrackV2;

/// <summary>Collects the operations of one request while its body is read.</summary>
/// <param name="workspace">The workspace.</param>
/// <param name="headers">The headers that are sent to Customer.io.</param>
/// <param name="keys">The duplicate keys of the request.</param>
/// <param name="acceptedAt">When the request arrived.</param>
internal sealed class OperationIntake(WorkspaceSettings workspace, CallHeaders headers, RequestKeys keys, DateTimeOffset acceptedAt)
{
    /// <summary>
    /// The most errors of single operations that one answer lists. A caller assumes that an operation without an error was accepted, so a batch with more
    /// errors is refused as a whole.
    /// </summary>
    public const int MaxErrors = 1_000;

    private const string Post = "POST";

    private readonly List<AcceptedOperation> _operations = [];
    private List<OperationRefusal>? _errors;

    /// <summary>Makes a call of an operation. Returns what is wrong with the operation; null if it is valid.</summary>
    /// <param name="body">The request's body. It is copied.</param>
    /// <param name="facts">Where the operation is in the body, and what was found in it.</param>
    /// <param name="place">The operation's index in its batch; null outside a batch.</param>
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
    public OperationRefusal FirstError => _errors![0];

    /// <summary>Records the error of one operation of a batch. False if there are more than <see cref="MaxErrors"/>.</summary>
    public bool TryRefuse(int index, OperationError error)
    {
        (_errors ??= []).Add(new OperationRefusal(index, error));
        return _errors.Count <= MaxErrors;
    }

    public TrackV2Request ToRequest() => new(null, _operations, _errors ?? []);

    // Without the id and the timestamp a repeat would not be harmless; with them the operation is too large for Customer.io.
    private static OperationError StampedTooLarge(int stamps) => OperationError.Size(
        "", $"The operation is larger than {CallLimits.MaxOperationBytes} bytes once its id and timestamp are added ({stamps} bytes). Send less, or give it an id and a timestamp.");
}
