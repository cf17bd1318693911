using System.Runtime.CompilerServices;
using System.Text;

namespace CioOrleans.Client;

/// <summary>Checks identifiers.</summary>
internal static class Identifiers
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The identifier is blank, too long, or cannot be part of a path or of the outbox.</exception>
    public static void Check(string identifier, int maxBytes, [CallerArgumentExpression(nameof(identifier))] string? parameter = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identifier, parameter);
        if (Problem(identifier, maxBytes) is { } problem)
        {
            throw new ArgumentException(problem, parameter);
        }
    }

    private static string? Problem(string identifier, int maxBytes)
    {
        int bytes;
        try
        {
            bytes = _strict.GetByteCount(identifier);
        }
        catch (EncoderFallbackException)
        {
            return "The identifier holds half of a surrogate pair. Use whole characters.";
        }

        // Dots: a proxy between here and Customer.io may resolve them as a step in the path. NUL: PostgreSQL cannot store it in a text.
        return bytes > maxBytes ? $"The identifier is longer than {maxBytes} bytes. Use a shorter one."
            : identifier is "." or ".." ? $"'{identifier}' cannot be named in a path. Use another identifier."
            : identifier.Contains('\0', StringComparison.Ordinal) ? "The identifier holds a NUL character. Leave it out."
            : null;
    }
}
