using System.Globalization;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Fuzz;

namespace CioOrleans.Bench.Scenarios;

/// <summary>Mutated requests to all endpoints, as tests/Fuzz sends them, for as long as one likes.</summary>
internal sealed class FuzzScenario(int requests, int seed) : IScenario
{
    private readonly Report _report = new(string.Create(CultureInfo.InvariantCulture, $"fuzz with {requests} requests, seed {seed}"));

    public async Task<Report> RunAsync(CancellationToken stop)
    {
        Steps.Say($"fuzz: seed {seed}");
        int? process = null;
        ProcessMemory? memory = null;
        var result = await FuzzSession.RunAsync(
            requests,
            seed,
            line =>
            {
                memory = process is { } id ? ProcessMemory.Of(id) : null;
                Steps.Say(string.Create(CultureInfo.InvariantCulture, $"{line}, {memory?.Resident:0} MB"));
            },
            id => process = id);
        foreach (var violation in result.Violations)
        {
            Steps.Say(violation);
        }

        _report.Zero("violations", result.Violations.Count);
        _report.Tell("answered 2xx and owed a delivery", $"{result.Owed}");
        _report.Tell("good calls beside them", $"{result.Good}");
        _report.Tell("answers by status", string.Join(", ", result.Statuses.Select(status => $"{status.Key}: {status.Value}")));
        _report.Tell("memory at the end", string.Create(CultureInfo.InvariantCulture, $"{memory?.Resident:0} MB"));
        return _report;
    }
}
