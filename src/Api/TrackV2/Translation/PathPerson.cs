namespace CioOrleans.Api.TrackV2.Translation;

/// <summary>A person as v2 names one.</summary>
/// <param name="member">The identifier's name.</param>
/// <param name="value">Its value.</param>
internal readonly ref struct PathPerson(ReadOnlySpan<byte> member, string value)
{
    private const string CioPrefix = "cio_";

    public ReadOnlySpan<byte> Member { get; } = member;

    public string Value { get; } = value;

    /// <summary>
    /// What Customer.io takes a v1 path value for, by its shape: <c>cio_…</c> for a cio_id, an address for an e-mail, all else for an id. False where
    /// the shape leaves a doubt.
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

        // A telephone number among them: v1 takes it for an id, as its document says.
        person = new PathPerson("id"u8, pathValue);
        return true;
    }
}
