using System.Diagnostics;

namespace CioOrleans.Calls;

/// <summary>
/// The W3C trace contexts that are kept with calls, in the text form of the header <c>traceparent</c>: trace id, span id and flags in 55 characters.
/// <c>tracestate</c> is not kept.
/// </summary>
public static class TraceParents
{
    /// <summary>
    /// The context to keep with the calls of the current request: that of the current span if it is sampled, otherwise what the caller sent; null if there is
    /// neither.
    /// </summary>
    /// <param name="header">The value of the caller's header <c>traceparent</c>; null if there is none. A malformed one is ignored.</param>
    public static string? ToKeep(string? header = null) =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } accept ? accept.Id : Valid(header);

    /// <summary>The same text if it is a valid <c>traceparent</c>; otherwise null.</summary>
    public static string? Valid(string? text) => TryParse(text, out _) ? text : null;

    /// <summary>The trace id in a text, 32 hexadecimal digits; null if the text is not valid.</summary>
    public static string? TraceIdOf(string? traceParent) => Valid(traceParent)?[3..35];

    /// <summary>Parses a text. The result is <see cref="ActivityContext.IsRemote"/>.</summary>
    public static bool TryParse(string? text, out ActivityContext context)
    {
        // The runtime does not look at the separators.
        if (text is { Length: 55 } && text[2] == '-' && text[35] == '-' && text[52] == '-')
        {
            return ActivityContext.TryParse(text, null, isRemote: true, out context);
        }

        context = default;
        return false;
    }
}
