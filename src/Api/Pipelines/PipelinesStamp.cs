using System.Globalization;
using System.Text;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Pipelines;

/// <summary>Adds to a call what makes its repeats harmless, right behind the opening brace; what the caller sent stays byte for byte.</summary>
internal static class PipelinesStamp
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <param name="call">A JSON object.</param>
    /// <param name="item">What is in it.</param>
    /// <param name="settings">What the workspace wants added.</param>
    /// <param name="messageId">Minted for it.</param>
    /// <param name="acceptedAt">When it was accepted.</param>
    public static byte[] Apply(ReadOnlySpan<byte> call, PipelinesItem item, StampingSettings settings, Ulid messageId, DateTimeOffset acceptedAt)
    {
        var additions = new StringBuilder(90);
        if (settings.EventId && !item.HasMessageId)
        {
            additions.Append(CultureInfo.InvariantCulture, $"\"messageId\":\"{messageId}\",");
        }

        if (settings.EventTimestamp && !item.HasTimestamp)
        {
            additions.Append(CultureInfo.InvariantCulture, $"\"timestamp\":\"{acceptedAt.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture)}\",");
        }

        if (additions.Length == 0)
        {
            return call.ToArray();
        }

        var at = call.IndexOf((byte)'{') + 1;
        if (call[at..].TrimStart(" \t\r\n"u8)[0] == (byte)'}')
        {
            additions.Length--;
        }

        return [.. call[..at], .. Encoding.ASCII.GetBytes(additions.ToString()), .. call[at..]];
    }
}
