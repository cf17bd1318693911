using System.Text;

namespace CioOrleans.Api;

/// <summary>What an identifier may be, wherever it stands.</summary>
internal static class IdentifierRules
{
    /// <summary>Ours, for ids that Customer.io gives out or sets no limit to (forms, segments, deliveries): they become keys of the outbox.</summary>
    public const int MaxOtherBytes = 500;

    /// <summary>Returns what is wrong with an identifier, or null.</summary>
    /// <param name="identifier">Not blank.</param>
    /// <param name="what">How to call it in the message.</param>
    /// <param name="maxBytes">As UTF-8.</param>
    public static string? Check(string identifier, string what, int maxBytes)
    {
        if (identifier.Length > maxBytes || (identifier.Length > maxBytes / 3 && Encoding.UTF8.GetByteCount(identifier) > maxBytes))
        {
            return $"{what} is longer than {maxBytes} bytes. Use a shorter one.";
        }

        // PostgreSQL cannot hold it in a text.
        return identifier.Contains('\0', StringComparison.Ordinal) ? $"{what} holds a NUL character. Leave it out." : null;
    }
}
