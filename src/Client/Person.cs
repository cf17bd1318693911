using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Client;

/// <summary>A person, as paths and the body of a merge name the person, and the ordering key of the person's queue.</summary>
internal sealed record Person
{
    private const string CioPrefix = "cio_";

    private Person(string pathValue) => PathValue = pathValue;

    /// <summary>The identifier, not percent-encoded.</summary>
    public string PathValue { get; }

    public string Key => CustomerKey.FromPathValue(PathValue);

    /// <summary>The member that names the person in the body of a merge, and its value.</summary>
    public (string Member, string Value) MergeIdentifier =>
        IsCioId(PathValue) ? ("cio_id", PathValue[CioPrefix.Length..])
        : IsEmail(PathValue) ? ("email", PathValue)
        : ("id", PathValue);

    public static Person FromPathValue(string identifier)
    {
        Identifiers.Check(identifier, CallLimits.MaxPersonBytes);
        return new Person(identifier);
    }

    public static Person FromEmail(string email)
    {
        Identifiers.Check(email, CallLimits.MaxPersonBytes);
        return IsEmail(email) && !IsCioId(email)
            ? new Person(email)
            : throw new ArgumentException("Customer.io takes it for an id or a cio_id: an e-mail address holds an @ and does not start with cio_.", nameof(email));
    }

    public static Person FromCioId(string cioId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cioId);
        var pathValue = IsCioId(cioId) ? cioId : string.Concat(CioPrefix, cioId);
        Identifiers.Check(pathValue, CallLimits.MaxPersonBytes, nameof(cioId));
        return new Person(pathValue);
    }

    private static bool IsCioId(string pathValue) => pathValue.StartsWith(CioPrefix, StringComparison.Ordinal);

    private static bool IsEmail(string pathValue) => pathValue.Contains('@', StringComparison.Ordinal);
}
