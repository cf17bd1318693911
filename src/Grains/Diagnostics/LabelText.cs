namespace CioOrleans.Grains.Diagnostics;

/// <summary>Enum names as label values.</summary>
internal static class LabelText
{
    /// <summary><c>TooLarge</c> becomes <c>too-large</c>, like the names of limit classes.</summary>
    public static string Of(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "-" : string.Empty)}{char.ToLowerInvariant(c)}" : c.ToString()));
}
