using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CioOrleans.Delivery;

namespace CioOrleans.Grains.Outbox;

/// <summary>Why calls failed: what the reasons of their dead letters have in common. Reasons that differ only in ids, numbers and quoted names have one cause.</summary>
/// <param name="Status">The status that Customer.io answered; 0 if there was no answer.</param>
/// <param name="Answer">The reason without the status. A word with a digit or an @ is <c>#</c>, a quoted text is <c>…</c>. At most 160 characters.</param>
public sealed partial record FailureCause(int Status, string Answer)
{
    /// <summary>The maximum length of <see cref="Answer"/>, in characters.</summary>
    public const int MaxAnswer = 160;

    /// <summary>Only the beginning of a reason is read, so that the cost of a long answer is bounded.</summary>
    private const int MaxRead = 2_000;

    /// <summary>A number that identifies the cause; equal for all processes and versions. Never 0.</summary>
    public long Key
    {
        get
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Status}\n{Answer}")), hash);
            return BinaryPrimitives.ReadInt64BigEndian(hash) is not 0 and var key ? key : 1;
        }
    }

    /// <summary>The cause of a dead letter.</summary>
    /// <param name="reason">The dead letter's reason.</param>
    public static FailureCause Of(string reason)
    {
        var text = reason.AsSpan(0, Math.Min(reason.Length, MaxRead));
        var prefix = text.StartsWith(AtMostOnce.UnknownOutcome) ? AtMostOnce.UnknownOutcome : "";
        text = text[prefix.Length..];
        var status = 0;
        if (text.Length >= 3 && (text.Length == 3 || text[3] == ':') && text[0] is >= '1' and <= '5' && int.TryParse(text[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var read))
        {
            status = read;
            text = text[3..].TrimStart(": ");
        }

        // In JSON a quoted text is the name of a member, or says what is wrong.
        var sentence = text.StartsWith("{") || text.StartsWith("[") ? text.ToString() : Quoted().Replace(text.ToString(), "${before}…");
        var answer = Spaces().Replace(Word().Replace(prefix + sentence, word => word.ValueSpan.ContainsAnyInRange('0', '9') || word.ValueSpan.Contains('@') ? "#" : word.Value), " ").Trim();
        if (answer.Length <= MaxAnswer)
        {
            return new FailureCause(status, answer);
        }

        // A pair of surrogates is not cut in two.
        return new FailureCause(status, answer[..(char.IsHighSurrogate(answer[MaxAnswer - 1]) ? MaxAnswer - 1 : MaxAnswer)]);
    }

    // A quote inside a word is an apostrophe.
    [GeneratedRegex("""(?<before>^|[\s(\[=])("[^"]*"|'[^']*'|`[^`]*`)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[\w.@+/%-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
