using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;
using CioOrleans.Sandbox;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Limits;
using Microsoft.Data.Sqlite;

namespace CioOrleans.Bench.Scenarios;

/// <summary>
/// Transactional messages while requests time out, are reset and are answered 500, half of them before and half after the message went out:
/// forwarded, stored with a <c>kill -9</c> in the middle, and under keys that two callers each repeat while the process is killed five times and commits
/// take seconds. Baseline: a client that repeats as the Node SDK does, straight at the sandbox.
/// </summary>
internal sealed class SendsScenario(int sends, double share, int permits) : IScenario
{
    private const string AppKey = "app-key";
    private const int Callers = 128;
    private const int KeyedCallers = 2;

    private static readonly TimeSpan _attempt = TimeSpan.FromMilliseconds(500);

    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"sends, {sends:#,0}, {share:0.#%} of each fault"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var sandbox = await SandboxServer.StartAsync(
            new SandboxSetup(null).ToOptions() with
            {
                AppApiKey = AppKey,
                Limits = SandboxLimit.Parse(string.Create(CultureInfo.InvariantCulture, $"transactional-email={permits}/1s")),
            },
            cancellationToken: stop);
        sandbox.Faults = new SandboxFaults
        {
            TimeOut = share / 2,
            TimeOutAfterProcessing = share / 2,
            Reset = share / 2,
            ResetAfterProcessing = share / 2,
            ServerError = share / 2,
            ServerErrorAfterProcessing = share / 2,
        };

        await ForwardAsync(data, sandbox, await RunSdkAsync(stop), stop);
        sandbox.Reset();
        await StoreAsync(data, sandbox, stop);
        sandbox.Reset();
        await KeyAsync(data, sandbox, stop);
        return _report;

        async Task<long> RunSdkAsync(CancellationToken stop)
        {
            await using var alone = await SandboxServer.StartAsync(
                new SandboxSetup(null).ToOptions() with { AppApiKey = AppKey, Faults = sandbox.Faults }, cancellationToken: stop);
            using var sender = new Sender(alone.Url, AppKey, _attempt);
            await EachAsync("Baseline: straight, as the SDK repeats", async i => await sender.SendAsSdkAsync($"b{i}", stop));
            return alone.Report().Sends.SentTwice;
        }
    }

    private async Task ForwardAsync(DataFolder data, SandboxServer sandbox, long baseline, CancellationToken stop)
    {
        await using var dispatcher = await LaunchAsync(data, sandbox, stop);
        using var sender = new Sender(dispatcher.Url, AppKey, TimeSpan.FromSeconds(30));
        var told = new Told[sends];
        await EachAsync("Forwarded", async i => told[i] = await sender.SendAsync($"f{i}", stop));

        var report = sandbox.Report();
        var sent = sandbox.Sends();
        _report.Zero("forwarded: sent twice", report.Sends.SentTwice, baseline);
        _report.Zero("forwarded: told sent, and not sent", told.Index().LongCount(t => t.Item == Told.Sent && !sent.ContainsKey($"f{t.Index}")));
        _report.Zero("forwarded: callers who know nothing", told.LongCount(t => t == Told.Nothing));
        _report.AtMost("forwarded: most arrivals in any second", report.MaxInWindow, permits);
        _report.Zero("forwarded: 429s", report.Status(429));
        Tell("forwarded", told.LongCount(t => t == Told.Sent), told.Index().Where(t => t.Item == Told.Unknown).Select(t => $"f{t.Index}"), sent);
    }

    private async Task StoreAsync(DataFolder data, SandboxServer sandbox, CancellationToken stop)
    {
        var results = new Uri[sends];
        await using (var first = await LaunchAsync(data, sandbox, stop))
        {
            using var sender = new Sender(first.Url, AppKey, TimeSpan.FromSeconds(30));
            await EachAsync("Stored", async i => results[i] = await sender.StoreAsync($"s{i}", stop));
            await first.KillAsync();
        }

        await using var second = await LaunchAsync(data, sandbox, stop);
        await second.WaitUntilEmptyAsync("Sending what is left after the kill", stop);
        using var asker = new Sender(second.Url, AppKey, TimeSpan.FromSeconds(30));
        var states = new string[sends];
        await EachAsync("Asking for the results", async i => states[i] = await asker.StateAsync(results[i], stop));

        var sent = sandbox.Sends();
        _report.Zero("stored: sent twice", sandbox.Report().Sends.SentTwice);
        _report.Zero("stored: told sent, and not sent", states.Index().LongCount(s => s.Item == "sent" && !sent.ContainsKey($"s{s.Index}")));
        _report.Zero("stored: without an end", states.LongCount(s => s is not ("sent" or "unknown")));
        Tell("stored", states.LongCount(s => s == "sent"), states.Index().Where(s => s.Item == "unknown").Select(s => $"s{s.Index}"), sent);
    }

    private async Task KeyAsync(DataFolder data, SandboxServer sandbox, CancellationToken stop)
    {
        var current = await LaunchAsync(data, sandbox, stop);
        using var sender = new KeyedSender(() => current.Url, AppKey, TimeSpan.FromSeconds(4));
        var told = new (Told Told, string Body)[sends * KeyedCallers];
        using var disturbing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var disturber = DisturbAsync();
        await EachAsync("Under keys, killed and slow", async i => told[i] = await sender.SendAsync($"k{i / KeyedCallers}", stop), sends * KeyedCallers);
        await disturbing.CancelAsync();
        var kills = await disturber;
        await current.DisposeAsync();

        var sent = sandbox.Sends();
        var byKey = told.Index().GroupBy(t => t.Index / KeyedCallers).Select(key => (Key: $"k{key.Key}", Answers: key.Select(t => t.Item).Distinct().ToArray())).ToArray();
        _report.Zero("keyed: sent twice", sandbox.Report().Sends.SentTwice);
        _report.Zero("keyed: told sent, and not sent", byKey.LongCount(key => key.Answers.Any(a => a.Told == Told.Sent) && !sent.ContainsKey(key.Key)));
        _report.Zero("keyed: callers of one key told different answers", byKey.LongCount(key => key.Answers.Length > 1));
        _report.Zero("keyed: callers who know nothing", told.LongCount(t => t.Told == Told.Nothing));
        Tell("keyed", byKey.LongCount(key => key.Answers[0].Told == Told.Sent), byKey.Where(key => key.Answers[0].Told == Told.Unknown).Select(key => key.Key), sent);
        _report.Tell("keyed: kills, repeats", $"{kills}, {Text(sender.Repeats)}");

        async Task<int> DisturbAsync()
        {
            var done = 0;
            try
            {
                for (; done < 5; done++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(3), disturbing.Token);
                    await HoldCommitsAsync(data, TimeSpan.FromSeconds(2), disturbing.Token);
                    await Task.Delay(TimeSpan.FromSeconds(1), disturbing.Token);
                    var killed = current;
                    await killed.KillAsync();
                    current = await LaunchAsync(data, sandbox, stop);
                    await killed.DisposeAsync();
                }
            }
            catch (OperationCanceledException) when (disturbing.IsCancellationRequested)
            {
            }

            return done;
        }
    }

    /// <summary>No commit of the dispatcher ends meanwhile: another connection holds the file's write lock.</summary>
    private static async Task HoldCommitsAsync(DataFolder data, TimeSpan span, CancellationToken stop)
    {
        await using var connection = new SqliteConnection($"Data Source={data.Database};Pooling=False");
        await connection.OpenAsync(stop);
        await using var begin = connection.CreateCommand();
        begin.CommandText = "begin immediate";
        await begin.ExecuteNonQueryAsync(stop);
        await Task.Delay(span, CancellationToken.None);
        begin.CommandText = "rollback";
        await begin.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private void Tell(string what, long sent, IEnumerable<string> unknown, IReadOnlyDictionary<string, int> arrived)
    {
        var unknowns = unknown.ToArray();
        _report.Tell($"{what}: told sent", Text(sent));
        _report.Tell($"{what}: told that nobody knows", Text(unknowns.Length));
        _report.Tell($"{what}: of those, sent", Text(unknowns.LongCount(arrived.ContainsKey)));
    }

    private Task<DispatcherProcess> LaunchAsync(DataFolder data, SandboxServer sandbox, CancellationToken stop) => DispatcherProcess.StartAsync(
        data,
        sandbox.Url,
        "1000/1s",
        stop,
        settings:
        [
            ("AppApiKey", AppKey),
            ("AttemptTimeout", "500ms"),
            ("Limits__transactional-email", string.Create(CultureInfo.InvariantCulture, $"{permits}/1s")),
        ]);

    private Task EachAsync(string title, Func<int, Task> act, int? count = null)
    {
        var (next, done, all) = (-1, 0, count ?? sends);
        return Steps.FollowAsync(title, all, () => done, Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(WorkAsync))));

        async Task WorkAsync()
        {
            while (Interlocked.Increment(ref next) is var mine && mine < all)
            {
                await act(mine);
                Interlocked.Increment(ref done);
            }
        }
    }

    private static string Text(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
