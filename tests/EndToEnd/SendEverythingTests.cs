using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.EndToEnd;

/// <summary>Everything that sends a message or starts a job, through the official Node SDK with its retries and the real process.</summary>
public sealed class SendEverythingTests
{
    private const int Operations = 12;

    public static TheoryData<string, SandboxFaults> Faults => new()
    {
        { "hangs", new SandboxFaults { TimeOutAfterProcessing = 1 } },
        { "resets", new SandboxFaults { ResetAfterProcessing = 1 } },
        { "answers 500", new SandboxFaults { ServerErrorAfterProcessing = 1 } },
    };

    [Theory(Timeout = TestTimeout.OfProcesses)]
    [MemberData(nameof(Faults))]
    public async Task Nothing_is_sent_twice_by_a_Customer_io_that_takes_it_and_fails(string fault, SandboxFaults faults)
    {
        using var data = new DataFolder();
        await using var receiver = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", AppApiKey = "app" });
        await using var dispatcher = await Dispatcher.StartAsync(data, receiver.Url, ("AppApiKey", "app"), ("AttemptTimeout", "1s"), ("Limits__query", "100/1s"), ("Limits__broadcast", "query"));
        receiver.Faults = faults;

        var output = await NodeSdk.RunAsync("send-everything.mjs", dispatcher.Url.ToString(), "app");

        var ended = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.True(ended.Length == Operations && ended.All(line => line.EndsWith(" 424", StringComparison.Ordinal)), $"It {fault}: {output}");
        var sends = receiver.Report().Sends;
        Assert.Equal((Operations, Operations, 0), (sends.Sent, sends.Distinct, sends.SentTwice));
        Assert.Equal(Operations, receiver.Report().Arrivals);
    }
}
