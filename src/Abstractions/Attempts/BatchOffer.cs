using CioOrleans.Calls;

namespace CioOrleans.Attempts;

/// <summary>A customer's answer when a batch asks for the head of its queue.</summary>
[GenerateSerializer, Immutable, Alias("cio.BatchOffer")]
public abstract record BatchOffer
{
    private BatchOffer()
    {
    }

    /// <summary>The head. It stays in the queue until the batch has ended.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchOffer.Head")]
    public sealed record Head([property: Id(0)] long Sequence, [property: Id(1)] Call Call) : BatchOffer;

    /// <summary>The customer has no call for the batch.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchOffer.Nothing")]
    public sealed record Nothing([property: Id(0)] DeliveryOutcome.Unused Why) : BatchOffer;
}
