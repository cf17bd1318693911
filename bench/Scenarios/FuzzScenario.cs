using System.Globalization;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Testing.Fuzz;

namespace CioOrleans.Bench.Scenarios;

/// <summary>Mutated requests to all endpoints, as tests/Fuzz sends them, for as long as one likes; then the memory that they leave behind.</summary>
/// <param name="requests">How many.</param>
/// <param name="seed">Decides all of them.</param>
/// <param name="rest">How long the process rests before its memory is looked at.</param>
internal sealed class FuzzScenario(int requests, int seed, TimeSpan rest) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"fuzz with {requests} requests, seed {seed}"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        Steps.Say($"fuzz: seed {seed}");
        int? process = null;
        ProcessMemory? first = null, last = null, rested = null;
        var result = await FuzzSession.RunAsync(
            requests,
            seed,
            line =>
            {
                last = process is { } id ? ProcessMemory.Of(id) : null;
                first ??= last;
                Steps.Say(string.Create(CultureInfo.InvariantCulture, $"{line}, {last?.Resident:0} MB"));
            },
            id => process = id,
            async () =>
            {
                await Steps.WaitAsync("Resting", rest, stop);
                rested = ProcessMemory.Of(process!.Value);
            });
        foreach (var violation in result.Violations)
        {
            Steps.Say(violation);
        }

        _report.Zero("violations", result.Violations.Count);

        // A process that has just started has not compiled its code yet.
        _report.AtMost(
            string.Create(CultureInfo.InvariantCulture, $"memory after {rest.TotalMinutes:0.#} min of rest / after the first 5,000 requests"), rested!.Resident / first!.Resident, 1.3);
        _report.Tell("memory after the first 5,000, at the end, after the rest", string.Create(CultureInfo.InvariantCulture, $"{first.Resident:0}, {last!.Resident:0}, {rested.Resident:0} MB"));
        _report.Tell("most memory", string.Create(CultureInfo.InvariantCulture, $"{rested.Peak:0} MB"));
        _report.Tell("answered 2xx and owed a delivery", $"{result.Owed}");
        _report.Tell("good calls beside them", $"{result.Good}");
        _report.Tell("answers by status", string.Join(", ", result.Statuses.Select(status => $"{status.Key}: {status.Value}")));
        return _report;
    }
}
