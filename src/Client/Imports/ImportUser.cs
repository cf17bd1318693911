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
