using System.Net;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Recording;

namespace CioOrleans.Testing.Cluster;

/// <summary>
/// Somebody who gets two calls one after the other, each repeated until it is acknowledged: a first one of some kind, and an identify that must stay the last.
/// </summary>
/// <param name="Id">No part of another's.</param>
/// <param name="Kind">What the first call is.</param>
public sealed record Person(string Id, FirstCall Kind)
{
    private const string Final = "final";

    /// <summary>Where what was asked must have been acknowledged.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _answers = [];

    /// <summary>What the two calls were answered, in order.</summary>
    public IReadOnlyList<string> Answers => _answers;

    /// <summary>Makes the customer's queue live somewhere.</summary>
    public Task PlaceAsync(HttpClient http, Uri frontEnd) => RepeatAsync(http, [frontEnd], () => Identify("placed"));

    /// <summary>Makes the first call and then the last.</summary>
    /// <param name="http">With credentials.</param>
    /// <param name="frontEnds">A repeat goes to the next.</param>
    public async Task ChangeAsync(HttpClient http, IReadOnlyList<Uri> frontEnds)
    {
        await RepeatAsync(http, frontEnds, First);
        await RepeatAsync(http, frontEnds, () => Identify(Final));
    }

    /// <summary>What is wrong with the arrivals; null where nothing is.</summary>
    public string? Judge(IReadOnlyList<RecordedRequest> arrived)
    {
        var own = arrived.Where(request => request.Status == 200).Select(request => $"{request.Method} {request.RawTarget} {Encoding.UTF8.GetString(request.Body.Span)}")
            .Where(request => request.Contains(Id, StringComparison.Ordinal) && !request.Contains("placed", StringComparison.Ordinal)).ToList();
        var final = own.FindIndex(IsFinal);
        return final < 0 ? $"{Id}: the last call was lost"
            : final == 0 ? $"{Id}: the first call was lost"
            : own[final..].Find(request => !IsFinal(request)) is { } late ? $"{Id} ({string.Join(", ", _answers)}): {late} came behind the last call"
            : null;
    }

    private static bool IsFinal(string request) => request.Contains(Final, StringComparison.Ordinal);

    private HttpRequestMessage First() => Kind switch
    {
        FirstCall.Delete => new(HttpMethod.Delete, $"/api/v1/customers/{Id}"),
        FirstCall.Batch => Json(HttpMethod.Post, "/api/v2/batch", $$$"""
            {"batch":[{"type":"person","identifiers":{"id":"{{{Id}}}"},"action":"identify","attributes":{"first":1}},
                      {"type":"person","identifiers":{"id":"{{{Id}}}"},"action":"event","name":"first"}]}
            """),
        FirstCall.Merge => Json(HttpMethod.Post, "/api/v1/merge_customers", $$$"""{"primary":{"id":"primary-{{{Id[..8]}}}"},"secondary":{"id":"{{{Id}}}"}}"""),
        _ => Json(HttpMethod.Post, "/bulk/identify", $$$"""{"id":"{{{Id}}}","attributes":{"first":1}}"""),
    };

    private HttpRequestMessage Identify(string what) => Json(HttpMethod.Put, $"/api/v1/customers/{Id}", $$"""{"is":"{{what}}"}""");

    private static HttpRequestMessage Json(HttpMethod method, string path, string body) => new(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private async Task RepeatAsync(HttpClient http, IReadOnlyList<Uri> frontEnds, Func<HttpRequestMessage> make)
    {
        using var patience = new CancellationTokenSource(_patience, TimeProvider.System);
        for (var attempt = 0; ; attempt++)
        {
            using var request = make();
            request.RequestUri = new Uri(frontEnds[attempt % frontEnds.Count], request.RequestUri!);
            using var answer = await http.SendAsync(request, patience.Token);
            var body = await answer.Content.ReadAsStringAsync(patience.Token);
            _answers.Add($"{request.Method} {(int)answer.StatusCode}");
            if (answer.StatusCode == HttpStatusCode.OK && (Kind != FirstCall.Import || !body.Contains("import", StringComparison.Ordinal) || IsImported(body)))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
        }
    }

    private static bool IsImported(string answer)
    {
        using var summary = JsonDocument.Parse(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        return summary.RootElement.GetProperty("accepted").GetInt32() == 1;
    }
}
