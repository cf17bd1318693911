using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Latency;

namespace CioOrleans.EndToEnd;

/// <summary>Sends under a key through the real process, killed while its callers repeat them.</summary>
public sealed class KeyedSendTests : IAsyncLifetime
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private const int Messages = 60;
    private const int CallersEach = 2;

    /// <summary>For all callers together: three starts of a process take a few seconds each.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(3);

    private SandboxServer _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await SandboxServer.StartAsync(new SandboxOptions
    {
        Url = "http://127.0.0.1:0",
        AppApiKey = "app",
        Latency = LatencyDistribution.Exponential(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300)),
    });

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Messages_that_are_repeated_while_the_process_is_killed_go_out_once_and_every_caller_gets_the_answer_or_an_honest_unknown()
    {
        using var data = new DataFolder();
        var current = await StartAsync(data);
        try
        {
            var callers = Enumerable.Range(0, Messages * CallersEach).Select(i => RepeatAsync(() => current, $"m{i / CallersEach}")).ToArray();
            for (var kill = 1; kill <= 2; kill++)
            {
                await _receiver.WaitForProcessedAsync(15 * kill).WaitAsync(_longest, TimeProvider.System);
                var killed = current;
                await killed.KillAsync();
                current = await StartAsync(data);
                await killed.DisposeAsync();
            }

            var told = await Task.WhenAll(callers).WaitAsync(_longest, TimeProvider.System);

            var sent = _receiver.Sends();
            Assert.Equal(0, _receiver.Report().Sends.SentTwice);
            for (var message = 0; message < Messages; message++)
            {
                var answers = told.Skip(message * CallersEach).Take(CallersEach).Distinct().ToArray();
                var (status, body) = Assert.Single(answers);
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.FailedDependency, $"m{message}: {status} {body}");
                Assert.True(status != HttpStatusCode.OK || sent.ContainsKey($"m{message}"), $"m{message} was told to be sent, and is not");
            }

            Assert.True(told.Count(answer => answer.Status == HttpStatusCode.OK) > Messages, "hardly any message was sent");
        }
        finally
        {
            await current.DisposeAsync();
        }
    }

    private Task<Dispatcher> StartAsync(DataFolder data) =>
        Dispatcher.StartAsync(data, _receiver.Url, ("AppApiKey", "app"), ("Limits__transactional-email", "20/1s"), ("Sends__Deadline", "2s"));

    /// <summary>Repeats one message under its key until it is told what became of it.</summary>
    private static async Task<(HttpStatusCode Status, string Body)> RepeatAsync(Func<Dispatcher> current, string message)
    {
        (HttpStatusCode, string)? told = null;
        await Wait.UntilAsync($"A final answer for {message}", _patience, async () =>
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(current().Url, "/v1/send/email"))
                {
                    Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "app") },
                    Content = new StringContent($$$"""{"identifiers":{"id":"{{{message}}}"},"message_data":{"seq":"{{{message}}}"}}""", Encoding.UTF8, "application/json"),
                };
                request.Headers.Add("Idempotency-Key", message);
                using var response = await current().Http.SendAsync(request);
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    told = (response.StatusCode, await response.Content.ReadAsStringAsync());
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                // Killed: the next one has another address.
            }

            return told is not null;
        });
        return told!.Value;
    }
}
