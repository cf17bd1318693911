using System.Buffers;
using CioOrleans.Api.Answers;
using CioOrleans.Calls;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Api.Forwarding;

/// <summary>
/// Selects the headers of a request that are sent to Customer.io, in the form of <see cref="Call.Headers"/>; see <see cref="CallRules.IsDropped"/>.
/// </summary>
internal sealed class KeptHeaders
{
    [ThreadStatic]
    private static ArrayBufferWriter<char>? _scratch;

    private readonly InternedHeaders _interned = new();

    /// <summary>The headers to store; null if they are too large, with the refusal.</summary>
    public CallHeaders? Of(IHeaderDictionary headers, out Refusal? refusal)
    {
        var kept = Of(headers);
        refusal = kept.Size <= CallRules.MaxHeaderBytes ? null : new Refusal(StatusCodes.Status431RequestHeaderFieldsTooLarge, CallRules.TooLarge(kept));
        return refusal is null ? kept : null;
    }

    /// <summary>The headers to send. <c>Content-Encoding</c> is removed too, because bodies are stored decoded.</summary>
    public CallHeaders Of(IHeaderDictionary headers)
    {
        var text = _scratch ??= new ArrayBufferWriter<char>(512);
        text.ResetWrittenCount();
        var connection = ConnectionOf(headers);
        foreach (var (name, values) in headers)
        {
            if (CallRules.IsDropped(name, connection))
            {
                continue;
            }

            foreach (var value in values)
            {
                text.Write(name);
                text.Write("\n");
                text.Write(value);
                text.Write("\n");
            }
        }

        return _interned.TryGet(text.WrittenSpan, out var known) ? known : _interned.Add(text.WrittenSpan, ListOf(headers));
    }

    /// <summary>The headers that are kept.</summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> Select(IHeaderDictionary headers)
    {
        var connection = ConnectionOf(headers);
        return headers.Where(header => !CallRules.IsDropped(header.Key, connection));
    }

    private static string? ConnectionOf(IHeaderDictionary headers) => headers.Connection is { Count: > 0 } connection ? string.Join(',', connection.ToArray()) : null;

    private static CallHeaders ListOf(IHeaderDictionary headers) =>
        [.. Select(headers).SelectMany(header => header.Value.Select(value => new CallHeader(header.Key, value ?? string.Empty)))];
}
