using System.Globalization;
using CioOrleans.Testing;
using CioOrleans.Testing.Fuzz;

namespace CioOrleans.Fuzz;

/// <summary>
/// A fixed seed, so that a failure can be repeated. <c>FUZZ_SEED</c> and <c>FUZZ_REQUESTS</c> choose another run; <c>bench fuzz</c> runs long ones.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const int Requests = 5_000;

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Mutated_requests_to_all_endpoints_are_answered_as_documented_and_lose_nothing()
    {
        var result = await FuzzSession.RunAsync(Read("FUZZ_REQUESTS", Requests), Read("FUZZ_SEED", Seed));

        output.WriteLine($"{result.Owed} of {result.Requests} requests were owed a delivery, beside {result.Good} good calls; {string.Join(", ", result.Statuses.Select(status => $"{status.Key}: {status.Value}"))}");
        Assert.True(result.Violations.Count == 0, $"FUZZ_SEED={result.Seed} FUZZ_REQUESTS={result.Requests}\n{string.Join('\n', result.Violations)}");
        Assert.True(result.Owed > result.Requests / 10, $"only {result.Owed} of {result.Requests} requests were owed a delivery");
        Assert.True(result.Good > 0, "no good call was accepted");
    }

    private static int Read(string variable, int fallback) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
