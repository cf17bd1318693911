using CioOrleans.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class RefusedCallTests
{
    [Fact]
    public void They_are_kept_where_nothing_is_said() => Assert.Equal(
        new RefusedCallSettings { IsOn = true, MaxCalls = 10_000, MaxBytes = 64L << 20, KeepFor = TimeSpan.FromDays(7) }, Reading.Valid(Reading.Acme).RefusedCalls);

    [Fact]
    public void All_bounds_are_read() => Assert.Equal(
        new RefusedCallSettings { IsOn = false, MaxCalls = 7, MaxBytes = 2L << 20, KeepFor = TimeSpan.FromHours(2) },
        Reading.Valid([.. Reading.Acme, ("Pipelines:KeepRefused", "false"), ("Pipelines:MaxRefused", "7"), ("Pipelines:MaxRefusedSize", "2MB"), ("Pipelines:KeepRefusedFor", "2h")]).RefusedCalls);

    [Fact]
    public void Wrong_bounds_are_refused_in_one_line_each() => Assert.Equal(
        [
            "Dispatcher:Pipelines:KeepRefused = 'perhaps': expected true or false.",
            "Dispatcher:Pipelines:MaxRefused = '0': expected a whole number from 1 to 100000.",
            "Dispatcher:Pipelines:MaxRefusedSize = '0': expected a size of at least 1MB, such as '256MB' or '2GB'.",
            "Dispatcher:Pipelines:KeepRefusedFor = '1s': expected a duration from 1h to 87600h, such as '250ms', '1s' or '2m'.",
        ],
        Reading.Errors([.. Reading.Acme, ("Pipelines:KeepRefused", "perhaps"), ("Pipelines:MaxRefused", "0"), ("Pipelines:MaxRefusedSize", "0"), ("Pipelines:KeepRefusedFor", "1s")]));
}
