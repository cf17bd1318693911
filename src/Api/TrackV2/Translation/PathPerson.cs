namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>A person with one identifier, in the form of v2.</summary>
/// <param name="member">The identifier's name.</param>
/// <param name="value">Its value.</param>
internal readonly ref struct PathPerson(ReadOnlySpan<byte> member, string value)
{
    private const string CioPrefix = "cio_";

    public ReadOnlySpan<byte> Member { get; } = member;

    public string Value { get; } = value;

    /// <summary>
    /// The identifier that Customer.io derives from the form of a v1 path value: <c>cio_…</c> is a cio_id, an e-mail address is an email, everything else
    /// is an id. False if the form is ambiguous.
    /// </summary>
    public static bool TryGuess(string pathValue, out PathPerson person)
    {
        person = default;
        var at = pathValue.IndexOf('@', StringComparison.Ordinal);
        if (pathValue.StartsWith(CioPrefix, StringComparison.Ordinal))
        {
            person = new PathPerson("cio_id"u8, pathValue[CioPrefix.Length..]);
            return at < 0 && pathValue.Length > CioPrefix.Length;
        }

        if (at >= 0)
        {
            person = new PathPerson("email"u8, pathValue);
            return at > 0 && at < pathValue.Length - 1 && pathValue.LastIndexOf('@') == at && !pathValue.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
        }

        // A telephone number too is an id in v1, as its document says.
        person = new PathPerson("id"u8, pathValue);
        return true;
    }
}
