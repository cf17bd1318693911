using System.Text;

namespace CioOrleans.Api;

/// <summary>The rules for identifiers, in a path or in a body.</summary>
internal static class IdentifierRules
{
    /// <summary>
    /// The longest id of a form, a segment or a delivery, in bytes. The limit is the dispatcher's own, because these ids become keys of the outbox.
    /// </summary>
    public const int MaxOtherBytes = 500;

    /// <summary>Returns what is wrong with an identifier, or null.</summary>
    /// <param name="identifier">The identifier, which is not blank.</param>
    /// <param name="what">The identifier's name in the message.</param>
    /// <param name="maxBytes">The longest identifier, in bytes of UTF-8.</param>
    public static string? Check(string identifier, string what, int maxBytes)
    {
        if (identifier.Length > maxBytes || (identifier.Length > maxBytes / 3 && Encoding.UTF8.GetByteCount(identifier) > maxBytes))
        {
            return $"{what} is longer than {maxBytes} bytes. Use a shorter one.";
        }

        // PostgreSQL cannot store NUL in a text.
        return identifier.Contains('\0', StringComparison.Ordinal) ? $"{what} holds a NUL character. Leave it out." : null;
    }
}
