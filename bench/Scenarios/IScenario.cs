using CioOrleans.Bench.Reporting;

namespace CioOrleans.Bench.Scenarios;

/// <summary>Something that is measured, with its settings.</summary>
internal interface IScenario
{
    /// <summary>Runs it to its end and returns its figures, each judged by its target.</summary>
    Task<Report> RunAsync(CancellationToken stop);
}
