using System.Net;

namespace CioOrleans.Cluster;

/// <summary>The same keys through both front-ends, while processes are killed.</summary>
public sealed class KeyedSendTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private const int Messages = 150;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task One_key_through_two_front_ends_sends_one_message_and_tells_both_callers_the_same_although_a_front_end_and_a_silo_are_killed()
    {
        await Cluster.HealAsync();
        await Cluster.WaitUntilEmptyAsync();
        Cluster.Sandbox.Reset();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(15), DefaultRequestHeaders = { Authorization = new("Bearer", LoadRequests.AppApiKey) } };
        var run = $"{Guid.NewGuid():N}"[..8];

        var callers = Enumerable.Range(0, Messages)
            .SelectMany(message => Cluster.FrontEnds.Select((_, frontEnd) => (Message: $"{run}-{message}", FrontEnd: frontEnd)))
            .Select(async caller => (caller.Message, Told: await RepeatAsync(http, caller.Message, caller.FrontEnd)))
            .ToArray();
        await Wait.ForAsync(Cluster.Sandbox.WaitForProcessedAsync(Messages / 5), "The first messages", _patience);
        await Cluster.FrontEnds[0].KillAsync();
        await Cluster.FrontEnds[0].StartAsync();
        await Wait.ForAsync(Cluster.Sandbox.WaitForProcessedAsync(2 * Messages / 5), "More messages after the front-end's death", _patience);
        await (await Cluster.OwnerAsync()).Process.KillAsync();
        await Wait.ForAsync(Task.WhenAll(callers), "A final answer to each caller", _patience);

        var told = (await Task.WhenAll(callers)).ToLookup(caller => caller.Message, caller => caller.Told);
        var sent = Cluster.Sandbox.Sends();
        Output.WriteLine($"Sent {sent.Count}; told: {string.Join(", ", told.GroupBy(message => message.First().Status).Select(answer => $"{answer.Key} {answer.Count()}"))}.");
        Assert.All(sent, message => Assert.Equal(1, message.Value));
        Assert.All(told, message =>
        {
            var (status, body) = Assert.Single(message.Distinct());
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.FailedDependency, $"{message.Key}: {status} {body}");
            Assert.True(status != HttpStatusCode.OK || sent.ContainsKey(message.Key), $"{message.Key} was told to be sent, and is not.");
        });
        Assert.InRange(told.Count(message => message.First().Status == HttpStatusCode.OK), Messages - ClusterHarness.MaxConcurrency, Messages);
    }

    /// <summary>Repeats one message under its key, at either front-end in turn, until the answer is final.</summary>
    private async Task<(HttpStatusCode Status, string Body)> RepeatAsync(HttpClient http, string message, int frontEnd)
    {
        var last = "no answer";
        (HttpStatusCode, string)? told = null;
        for (var attempt = frontEnd; attempt < 500 && told is null; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Cluster.FrontEnds[attempt % Cluster.FrontEnds.Count].Url, "/v1/send/email"))
                {
                    Content = new StringContent($$$"""{"identifiers":{"id":"{{{message}}}"},"message_data":{"seq":"{{{message}}}"}}""", null, "application/json"),
                };
                request.Headers.Add("Idempotency-Key", message);
                using var answer = await http.SendAsync(request);
                last = $"{(int)answer.StatusCode}";
                told = answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests ? null : (answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                last = exception.Message;
            }

            if (told is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }

        return told ?? throw new TimeoutException($"No final answer came for {message}; the last was {last}.");
    }
}
