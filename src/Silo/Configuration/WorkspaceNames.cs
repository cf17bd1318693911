namespace CioOrleans.Silo.Configuration;

/// <summary>The rule for workspace names. A name is part of grain keys, stored rows and admin paths.</summary>
internal static class WorkspaceNames
{
    public const string Expected = "1 to 64 of A-Z a-z 0-9 . _ - and not only dots";

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 64
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && name.Any(c => c != '.');
}
