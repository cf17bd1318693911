namespace CioOrleans.Operating;

/// <summary>A page of the stored sends that Customer.io has answered.</summary>
/// <param name="Sends">Those that were accepted last first.</param>
/// <param name="Next">Where the next page starts; null on the last one.</param>
[GenerateSerializer, Immutable, Alias("cio.SendList")]
public sealed record SendList([property: Id(0)] IReadOnlyList<AnsweredSend> Sends, [property: Id(1)] Ulid? Next);

/// <summary>A stored send that Customer.io has answered.</summary>
/// <param name="Id">The id that its caller got.</param>
/// <param name="Status">Customer.io's status.</param>
/// <param name="AnsweredAt">When the answer was stored (UTC).</param>
[GenerateSerializer, Immutable, Alias("cio.AnsweredSend")]
public sealed record AnsweredSend([property: Id(0)] Ulid Id, [property: Id(1)] int Status, [property: Id(2)] DateTimeOffset AnsweredAt);

/// <summary>The stored sends that wait.</summary>
/// <param name="Sends">The oldest first.</param>
/// <param name="IsComplete">False if further sends may wait: the limit was reached, or more calls wait than are searched.</param>
[GenerateSerializer, Immutable, Alias("cio.WaitingSends")]
public sealed record WaitingSends([property: Id(0)] IReadOnlyList<WaitingSend> Sends, [property: Id(1)] bool IsComplete)
{
    /// <summary>How many waiting calls are searched: 50,000.</summary>
    public const int Searched = 50_000;
}

/// <summary>A stored send that waits.</summary>
/// <param name="Id">The id that its caller got.</param>
/// <param name="Customer">The ordering key of the queue that it is in.</param>
/// <param name="AcceptedAt">When it was accepted (UTC).</param>
[GenerateSerializer, Immutable, Alias("cio.WaitingSend")]
public sealed record WaitingSend([property: Id(0)] Ulid Id, [property: Id(1)] string Customer, [property: Id(2)] DateTimeOffset AcceptedAt);
