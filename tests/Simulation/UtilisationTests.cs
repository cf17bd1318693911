using CioOrleans.Limits;

namespace CioOrleans.Simulation;

public sealed class UtilisationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(100, 3_000, TokenReturn.AfterResponse, 0, 0.97)]
    [InlineData(100, 3_000, TokenReturn.AfterSend, 0, 0.99)]
    [InlineData(100, 3_000, TokenReturn.AfterResponse, 0.05, 0.95)]
    [InlineData(100, 3_000, TokenReturn.AfterSend, 0.05, 0.95)]
    [InlineData(1_000, 20_000, TokenReturn.AfterResponse, 0, 0.97)]
    [InlineData(1_000, 20_000, TokenReturn.AfterSend, 0, 0.99)]
    [InlineData(1_000, 20_000, TokenReturn.AfterResponse, 0.05, 0.95)]
    [InlineData(1_000, 20_000, TokenReturn.AfterSend, 0.05, 0.95)]
    public void A_backlog_leaves_at_nearly_the_full_rate(int permits, int calls, TokenReturn mode, double errors, double least)
    {
        var options = Workload.Options(permits, mode) with { Faults = new FaultMix { Error = errors } };

        var report = new Simulation(options, Seeds.One(1)).Burst(calls, customers: 300 * permits / 100).Run();

        var steady = report.Rate(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(calls / permits)) / permits;
        output.WriteLine($"{steady:P2} of the rate, at most {report.MostInWindow} within a window");
        Assert.True(steady >= least, $"{steady:P2} of the rate");
        Assert.Equal((calls, 0), (report.Delivered, report.DeadLetters));
    }
}
