namespace CioOrleans.Importing;

/// <summary>The line among a call's headers that says which import it belongs to; it is never sent.</summary>
internal static class ImportNote
{
    private const string Prefix = ":import ";
    private const int UlidLength = 26;

    public static string Of(Ulid import) => $"{Prefix}{import}\n";

    public static bool TryRead(string headers, out Ulid import)
    {
        import = default;
        var at = headers.IndexOf("\n" + Prefix, StringComparison.Ordinal) + 1 + Prefix.Length;
        return at > Prefix.Length && headers.Length >= at + UlidLength && Ulid.TryParse(headers.AsSpan(at, UlidLength), out import);
    }
}
