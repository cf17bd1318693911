using System.Globalization;
using CioOrleans.Cluster.Harness;
using Xunit.Abstractions;

namespace CioOrleans.Cluster;

/// <summary>Takes as long as one likes: for a night, not for every build.</summary>
public sealed class FaultMixTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private const string Minutes = "CIO_TEST_FAULT_MINUTES";
    private const string Seed = "CIO_TEST_FAULT_SEED";

    [SkippableFact]
    public async Task A_random_mixture_of_faults_breaks_no_promise()
    {
        var minutes = Read(Minutes);
        Skip.If(minutes is null, $"Set {Minutes} to run faults for so many minutes, and {Seed} to repeat a run.");
        var seed = Read(Seed) ?? new Random().Next();
        Output.WriteLine($"{Seed}={seed}");
        var mix = new FaultMix(Cluster, new Random(seed), Output.WriteLine);
        var duplicates = 0;

        var (account, _) = await RunAsync(async () => duplicates = await mix.RunAsync(TimeSpan.FromMinutes(minutes.Value)), TimeSpan.FromMinutes(minutes.Value));

        AssertPromises(account, duplicates);
    }

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;
}
