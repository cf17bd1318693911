using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.EndToEnd;

/// <summary>Messages through the real process, killed in the middle of sending.</summary>
public sealed class SendTests : IAsyncLifetime
{
    private SandboxServer _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await SandboxServer.StartAsync(
        new SandboxOptions { Url = "http://127.0.0.1:0", AppApiKey = "app", RecordRequests = 1_000 });

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_stored_message_whose_process_is_killed_while_it_is_sent_is_not_sent_again()
    {
        using var data = new DataFolder();
        _receiver.Faults = new SandboxFaults { TimeOutAfterProcessing = 1 };
        Uri result;
        await using (var first = await Dispatcher.StartAsync(data, _receiver.Url, ("AppApiKey", "app")))
        {
            using var stored = await SendAsync(first, ("Prefer", "respond-async"));
            result = stored.Headers.Location!;
            await _receiver.WaitForProcessedAsync(1);
            await first.KillAsync();
        }

        _receiver.Faults = SandboxFaults.None;
        await using var second = await Dispatcher.StartAsync(data, _receiver.Url, ("AppApiKey", "app"));
        await second.WaitUntilEmptyAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, result) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "app") } };
        using var answer = await second.Http.SendAsync(request);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("unknown", body.RootElement.GetProperty("state").GetString());
        Assert.Equal((1, 1), (_receiver.Report().Arrivals, _receiver.Report().Sends.Sent));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_Node_SDK_does_not_repeat_a_message_whose_outcome_is_unknown()
    {
        using var data = new DataFolder();
        _receiver.Faults = new SandboxFaults { ServerErrorAfterProcessing = 1 };
        await using var dispatcher = await Dispatcher.StartAsync(data, _receiver.Url, ("AppApiKey", "app"));

        var output = await NodeSdk.RunAsync("send-once.mjs", dispatcher.Url.ToString(), "app");

        Assert.Contains("424 Customer.io answered 500. The message may have been sent", output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (_receiver.Report().Arrivals, _receiver.Report().Sends.Sent));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_welcome_mail_goes_out_after_the_identify_that_was_accepted_before_it()
    {
        using var data = new DataFolder();
        await using var dispatcher = await Dispatcher.StartAsync(
            data, _receiver.Url, ("AppApiKey", "app"), ("Limits__identify", "5/1s"), ("Limits__transactional-email", "1000/1s"), ("Sends__Deadline", "50s"));
        for (var seq = 1; seq <= 5; seq++)
        {
            using var content = new StringContent($$"""{"seq":{{seq}}}""", Encoding.UTF8, "application/json");
            using var accepted = await dispatcher.Http.PutAsync(new Uri("/api/v1/customers/42", UriKind.Relative), content);
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        }

        using var sent = await SendAsync(dispatcher, ("X-Dispatch-After", "customer"));

        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Equal(
            ["/api/v1/customers/42", "/api/v1/customers/42", "/api/v1/customers/42", "/api/v1/customers/42", "/api/v1/customers/42", "/v1/send/email"],
            _receiver.Requests.Select(r => r.RawTarget));
    }

    private static async Task<HttpResponseMessage> SendAsync(Dispatcher dispatcher, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/send/email")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "app") },
            Content = new StringContent("""{"identifiers":{"id":"42"},"message_data":{"seq":1}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add(header.Name, header.Value);
        return await dispatcher.Http.SendAsync(request);
    }
}
