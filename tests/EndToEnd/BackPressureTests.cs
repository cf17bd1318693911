using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CioOrleans.EndToEnd;

public sealed class BackPressureTests : SandboxedTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_queue_that_is_too_long_turns_imports_away_first_and_live_calls_then_and_opens_again()
    {
        await using var dispatcher = await Dispatcher.StartAsync(Data, Sandbox.Url, ("BackPressure__MaxQueued", "20"));
        await PostAsync(dispatcher, "/admin/workspaces/acme/pause");

        var accepted = 0;
        HttpResponseMessage refused;
        while ((refused = await IdentifyAsync(dispatcher, accepted)).StatusCode == HttpStatusCode.OK)
        {
            accepted++;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("10", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.Matches("^[0-9]+ calls wait, and no more are taken before some are delivered\\.$", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("meta").GetProperty("error").GetString());
        Assert.True(accepted >= 20, $"{accepted}");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await ImportAsync(dispatcher)).StatusCode);

        await PostAsync(dispatcher, "/admin/workspaces/acme/resume");
        await dispatcher.WaitUntilEmptyAsync();
        await Wait.UntilAsync("The first accept after the queue's end", _patience, async () => (await IdentifyAsync(dispatcher, accepted)).StatusCode == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.OK, (await ImportAsync(dispatcher)).StatusCode);
        await Sandbox.WaitForProcessedAsync(accepted + 2);
    }

    private static Task<HttpResponseMessage> IdentifyAsync(Dispatcher dispatcher, int customer) =>
        dispatcher.Http.PutAsJsonAsync(new Uri($"/api/v1/customers/{customer}", UriKind.Relative), new { plan = "pro" });

    private static async Task<HttpResponseMessage> ImportAsync(Dispatcher dispatcher)
    {
        using var body = new StringContent("{\"id\":\"import\"}\n", Encoding.UTF8);
        return await dispatcher.Http.PostAsync(new Uri("/bulk/identify", UriKind.Relative), body);
    }

    private static async Task PostAsync(Dispatcher dispatcher, string path)
    {
        using var answer = await dispatcher.Http.PostAsync(new Uri(path, UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }
}
