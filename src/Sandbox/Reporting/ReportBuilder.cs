using CioOrleans.Sandbox.Hosting;

namespace CioOrleans.Sandbox.Reporting;

/// <summary>Builds the report.</summary>
internal static class ReportBuilder
{
    public static SandboxReport Build(Intake intake, Ledger ledger, SandboxOptions options, TimeSpan window)
    {
        var arrivals = intake.Snapshot();
        var counts = arrivals.CountByClass();
        var seen = EndpointClassNames.All.Where(c => counts[(int)c] > 0).ToArray();
        var maxima = seen.ToDictionary(c => c.ToName(), c => arrivals.MaxInWindow(window, c));
        foreach (var limit in options.Limits.Where(l => l.Classes.Count > 1))
        {
            maxima[limit.Name] = arrivals.MaxInWindow(window, [.. limit.Classes]);
        }

        var (order, byStatus) = ledger.Report();
        return new SandboxReport
        {
            Arrivals = arrivals.Count,
            ByStatus = byStatus,
            ByClass = seen.ToDictionary(c => c.ToName(), c => (long)counts[(int)c]),
            Window = window,
            MaxInWindow = arrivals.MaxInWindow(window, [.. EndpointClassNames.All]),
            MaxInWindowByClass = maxima,
            SteadyRate = arrivals.SteadyRate(window),
            FirstArrival = arrivals.First is { } first ? intake.ToUtc(first) : null,
            LastArrival = arrivals.Last is { } last ? intake.ToUtc(last) : null,
            ArrivalsPerSecond = arrivals.PerSecond(),
            Order = order,
            Sends = ledger.SendReport(),
        };
    }
}
