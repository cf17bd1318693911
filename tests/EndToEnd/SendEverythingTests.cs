using System.Globalization;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.EndToEnd;

/// <summary>Everything that sends a message or starts a job, through the official Node SDK with its retries and the real process.</summary>
public sealed class SendEverythingTests
{
    private const int Operations = 12;

    /// <summary>How often each operation is called under mixed faults: a few times, or as often as <c>CIO_SENDS</c> says to measure the figure.</summary>
    private static readonly int _rounds = Environment.GetEnvironmentVariable("CIO_SENDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 4;

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

    // No time-out of the whole test: CIO_SENDS decides how long it takes. The SDK gives up a call after some seconds.
    [Fact]
    public async Task Nothing_is_sent_twice_and_nothing_is_lost_that_was_answered_as_sent_under_mixed_faults()
    {
        using var data = new DataFolder();
        await using var receiver = await SandboxServer.StartAsync(new SandboxOptions
        {
            Url = "http://127.0.0.1:0",
            AppApiKey = "app",
            Faults = new SandboxFaults
            {
                ServerError = 0.04, ServerErrorAfterProcessing = 0.04, Unavailable = 0.04, TimeOut = 0.02, TimeOutAfterProcessing = 0.02, Reset = 0.04, ResetAfterProcessing = 0.04, Close = 0.04,
            },
        });
        await using var dispatcher = await Dispatcher.StartAsync(
            data, receiver.Url, ("AppApiKey", "app"), ("AttemptTimeout", "1s"), ("Limits__query", "1000/1s"), ("Limits__broadcast", "query"),
            ("Limits__transactional-email", "query"), ("Limits__transactional-push", "query"));

        var output = await NodeSdk.RunAsync("send-everything.mjs", dispatcher.Url.ToString(), "app", _rounds.ToString(CultureInfo.InvariantCulture));

        var ended = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(Operations * _rounds, ended.Length);
        var sends = receiver.Report().Sends;
        Assert.Equal(0, sends.SentTwice);
        Assert.Equal(sends.Sent, sends.Distinct);
        Assert.InRange(sends.Sent, ended.Count(line => line.EndsWith(" sent", StringComparison.Ordinal)), ended.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{ended.Length} calls, {sends.Sent} sent, {sends.SentTwice} twice: {string.Join(", ", ended.CountBy(line => line.Split(' ')[^1]).Select(pair => $"{pair.Value} {pair.Key}"))}");
    }
}
