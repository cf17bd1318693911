using System.Text;
using CioOrleans.Sandbox;

namespace CioOrleans.EndToEnd;

/// <summary>The official Pipelines SDK against the real process.</summary>
public sealed class PipelinesBatchTests
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task The_Node_SDK_delivers_249_calls_of_a_batch_of_250_with_one_invalid_call_in_its_first_request()
    {
        using var data = new DataFolder();
        await using var receiver = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", PipelinesWriteKey = "write", RecordRequests = 1_000 });
        await using var dispatcher = await Dispatcher.StartAsync(
            data, receiver.Url, ("PipelinesWriteKey", "write"), ("PipelinesUrl", receiver.Url.ToString()), ("Limits__pipelines", "1000/1s"));

        var output = await NodeSdk.RunAsync("pipelines-batch.mjs", dispatcher.Url.ToString(), "write");
        await dispatcher.WaitUntilEmptyAsync();

        Assert.Equal("""{"requests":1,"errors":[]}""", output.Trim());
        var bodies = receiver.Requests.Select(request => Encoding.UTF8.GetString(request.Body.Span)).ToArray();
        Assert.Equal(249, bodies.Length);
        Assert.All(Enumerable.Range(0, 250).Except([7]), i => Assert.Single(bodies, body => body.Contains($"\"userId\":\"{i}\"", StringComparison.Ordinal)));
    }
}
