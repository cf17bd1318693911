using System.Globalization;
using CioOrleans.Bench.Load;
using CioOrleans.Bench.Comparison;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Sandboxes;

namespace CioOrleans.Bench.Scenarios;

/// <summary>Durable accepts of the dispatcher, and of servers that a team would write with the queues of today, round by round. Nobody delivers.</summary>
internal sealed class PeersAcceptScenario(int rounds, double seconds, double warmUp, int connections, int customers, int bodyBytes) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"durable accepts beside peers, {bodyBytes} bytes, {customers:#,0} customers, {connections} connections"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        await using var sandbox = await SandboxHere.StartAsync(new SandboxSetup(Enforced: null), stop);
        var peers = new List<AcceptPeer>();
        try
        {
            await StartAllAsync(peers, sandbox.Url, stop);
            foreach (var peer in peers)
            {
                Steps.Say($"Warming up: {peer.Name}");
                await peer.MeasureAsync(Slice.For(Slice.Durable, warmUp), connections, customers, bodyBytes, isKept: false, stop);
            }

            for (var round = 1; round <= rounds; round++)
            {
                Steps.Say($"Round {round} of {rounds}");
                foreach (var peer in peers)
                {
                    await peer.MeasureAsync(Slice.For(Slice.Durable, seconds), connections, customers, bodyBytes, isKept: true, stop);
                }
            }

            Judge(peers);
            return _report;
        }
        finally
        {
            foreach (var peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }

    private async Task StartAllAsync(List<AcceptPeer> peers, Uri customerIo, CancellationToken stop)
    {
        peers.Add(await AcceptPeer.StartOursAsync(Deployment.Sqlite, customerIo, stop));
        if (PostgresServer.MissingReason is null)
        {
            peers.Add(await AcceptPeer.StartOursAsync(Deployment.Postgres, customerIo, stop));
            peers.Add(await AcceptPeer.StartWolverineAsync("ASP.NET + Wolverine, PostgreSQL", await PeerPrograms.BuildWolverineAsync(), stop));
        }
        else
        {
            Skip("all on PostgreSQL", PostgresServer.MissingReason);
        }

        if (PeerPrograms.MissingForNode is { } noNode)
        {
            Skip("all on Node", noNode);
            return;
        }

        await PeerPrograms.InstallAsync();
        if (PostgresServer.MissingReason is null)
        {
            peers.Add(await AcceptPeer.StartPgBossAsync("fastify + pg-boss, key_strict_fifo", stop));
        }

        if (PeerPrograms.MissingForRedis is { } noRedis)
        {
            Skip("all on Redis", noRedis);
            return;
        }

        peers.Add(await AcceptPeer.StartOnRedisAsync("fastify + ioredis by hand", "ioredis", stop));
        peers.Add(await AcceptPeer.StartOnRedisAsync("fastify + BullMQ", "bullmq", stop));
    }

    private void Skip(string peers, string reason) => _report.Tell($"{peers}: skipped", reason);

    private void Judge(List<AcceptPeer> peers)
    {
        foreach (var peer in peers)
        {
            _report.Tell(
                peer.Name,
                string.Create(CultureInfo.InvariantCulture, $"{peer.Rounds.Median(round => round.PerSecond):#,0}/s, {peer.Rounds.Median(round => round.Cpu):0} µs of CPU, p99 {peer.Rounds.Median(round => round.P99):0} ms"),
                string.Join(' ', peer.Rounds.Select(round => round.PerSecond.ToString("#,0", CultureInfo.InvariantCulture))));
            _report.Zero($"{peer.Name}: not accepted", peer.Rounds.Sum(round => round.Failures));
        }

        if (peers.FirstOrDefault(peer => peer.Name.Contains("BullMQ", StringComparison.Ordinal)) is { } bullmq)
        {
            // Round by round: what neighbours take of the machine concerns both.
            var ratios = peers[0].Rounds.Zip(bullmq.Rounds, (ours, theirs) => ours.PerSecond / theirs.PerSecond).Order().ToArray();
            _report.AtLeast("ours on a file / fastify + BullMQ", ratios[ratios.Length / 2], 2.2, baseline: 1);
        }
    }
}
