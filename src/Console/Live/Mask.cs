namespace CioOrleans.Console.Live;

/// <summary>What is shown in place of what tells of a person.</summary>
internal static class Mask
{
    /// <summary>In place of a text.</summary>
    public const string Hidden = "•••";

    /// <summary>An ordering key without the person: only its kind.</summary>
    public static string Customer(string customer) => customer.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? $"{customer[..(colon + 1)]}{Hidden}" : Hidden;
}
