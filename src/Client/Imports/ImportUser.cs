namespace CioOrleans.Client.Imports;

/// <summary>One person of an import: exactly one of <see cref="Id"/>, <see cref="Email"/> and <see cref="CioId"/> names it.</summary>
public sealed record ImportUser
{
    public string? Id { get; init; }

    public string? Email { get; init; }

    /// <summary>With or without the prefix <c>cio_</c>.</summary>
    public string? CioId { get; init; }

    /// <summary>The attributes to set: any value that System.Text.Json writes as a JSON object; null sets nothing.</summary>
    public object? Attributes { get; init; }

    /// <summary>When the change happened; Customer.io keeps the latest change (default: when it is accepted).</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>An event to track as well; null for none.</summary>
    public ImportEvent? Event { get; init; }
}

/// <summary>An event of a person in an import. It is sent after the person's attributes.</summary>
/// <param name="Name">At most <see cref="Calls.CallLimits.MaxEventNameBytes"/> bytes of UTF-8.</param>
/// <param name="Data">Any value that System.Text.Json writes as a JSON object; null for none.</param>
/// <param name="Timestamp">When the event happened (default: when it is accepted).</param>
/// <param name="Id">Customer.io recognises a repeat by this id (default: derived from the import, the person and the event, so that a repeated line counts
/// once).</param>
public sealed record ImportEvent(string Name, object? Data = null, DateTimeOffset? Timestamp = null, Ulid? Id = null);
