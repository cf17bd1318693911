using CioOrleans.Grains.History;

namespace CioOrleans.Settings.Tests;

public sealed class HistoryTests
{
    [Fact]
    public void All_attempts_are_kept_without_bodies_for_a_week_and_within_five_gigabytes()
    {
        Assert.Equal(
            new HistorySettings { Attempts = KeptAttempts.All, Bodies = KeptBodies.None, Keep = TimeSpan.FromDays(7), MaxSize = 5L << 30 }, Reading.Valid([.. Reading.Acme]).History);
        Assert.Equal(
            new HistorySettings { Attempts = KeptAttempts.Failed, Bodies = KeptBodies.All, Keep = TimeSpan.FromHours(2), MaxSize = 50L << 20 },
            Reading.Valid([.. Reading.Acme, ("History:Attempts", "failed"), ("History:Bodies", "all"), ("History:Keep", "2h"), ("History:MaxSize", "50MB")]).History);
    }

    [Fact]
    public void What_cannot_be_is_refused() => Assert.Equal(
        [
            "Dispatcher:History:Attempts = 'Some': expected All or Failed or Off.",
            "Dispatcher:History:Bodies = 'Some': expected None or Failed or All.",
            "Dispatcher:History:Keep = '1s': expected a duration from 1h to 8760h, such as '250ms', '1s' or '2m'.",
            "Dispatcher:History:MaxSize = '1MB': expected a size of at least 10MB, such as '256MB' or '2GB'.",
        ],
        Reading.Errors([.. Reading.Acme, ("History:Attempts", "Some"), ("History:Bodies", "Some"), ("History:Keep", "1s"), ("History:MaxSize", "1MB")]));
}
