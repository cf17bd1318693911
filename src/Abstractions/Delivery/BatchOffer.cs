using CioOrleans.Calls;

namespace CioOrleans.Delivery;

/// <summary>A customer's answer to a batch that asks for the head of its queue.</summary>
[GenerateSerializer, Immutable, Alias("cio.BatchOffer")]
public abstract record BatchOffer
{
    private BatchOffer()
    {
    }

    /// <summary>The head. It stays where it is until the batch has ended.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchOffer.Head")]
    public sealed record Head([property: Id(0)] long Sequence, [property: Id(1)] Call Call) : BatchOffer;

    /// <summary>Nothing can go along.</summary>
    [GenerateSerializer, Immutable, Alias("cio.BatchOffer.Nothing")]
    public sealed record Nothing([property: Id(0)] DeliveryOutcome.Unused Why) : BatchOffer;
}
