using System.Globalization;
using System.Text;
using CioOrleans.Configuration;

namespace CioOrleans.Api.Pipelines;

/// <summary>
/// Adds a <c>messageId</c> and a <c>timestamp</c> to a call, which make its repeats harmless. The additions follow the opening brace. The rest is copied
/// byte for byte.
/// </summary>
internal static class PipelinesStamp
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <param name="call">A JSON object.</param>
    /// <param name="item">What was read of it.</param>
    /// <param name="settings">The workspace's settings for what to add.</param>
    /// <param name="messageId">The id to add if the call has none.</param>
    /// <param name="acceptedAt">When the call was accepted.</param>
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
