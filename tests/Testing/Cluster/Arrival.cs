using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.Testing.Cluster;

/// <summary>A call of a <see cref="Load"/> in a request that arrived.</summary>
/// <param name="Mark">The call's.</param>
/// <param name="At">When the request arrived.</param>
/// <param name="IsTaken">Whether it was answered as a success; a request that was refused, failed or left without an answer is not.</param>
/// <param name="Text">The call as it came, so that repeats can be compared.</param>
/// <param name="Request">The request's number: a batch carries several calls.</param>
public sealed partial record Arrival(string Mark, DateTimeOffset At, bool IsTaken, string Text, int Request)
{
    /// <summary>What has arrived, in the order of arrival.</summary>
    public static IReadOnlyList<Arrival> In(IReadOnlyList<RecordedRequest> requests) => [.. requests.SelectMany(Read).OrderBy(arrival => arrival.At)];

    /// <summary>The marks in a text, each once.</summary>
    public static IEnumerable<string> MarksIn(string text) => Pattern().Matches(text).Select(match => match.Value).Distinct();

    private static IEnumerable<Arrival> Read(RecordedRequest request, int number)
    {
        var body = Encoding.UTF8.GetString(request.Body.Span);
        IEnumerable<string> texts = request.RawTarget is "/api/v2/batch" or "/v1/batch" ? Items(body)
            : request.RawTarget is "/api/v2/entity" ? [body]
            : [$"{request.Method} {request.RawTarget} {body}"];
        return texts.SelectMany(text => MarksIn(text).Take(1).Select(mark => new Arrival(mark, request.ArrivedAt, request.Status is 200 or 204 or 207, text, number)));
    }

    private static List<string> Items(string body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("batch").EnumerateArray().Select(item => item.GetRawText())];
    }

    [GeneratedRegex("mark-[0-9a-f]{6}-[0-9]+-[0-9]+")]
    private static partial Regex Pattern();
}
