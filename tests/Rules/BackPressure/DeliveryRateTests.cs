using CioOrleans.Grains.BackPressure;

namespace CioOrleans.Rules.Tests.BackPressure;

public sealed class DeliveryRateTests
{
    private readonly DeliveryRate _rate = new();

    [Fact]
    public void It_is_what_was_delivered_a_second_in_the_last_whole_seconds()
    {
        for (var ms = 0; ms < 20_000; ms += 100)
        {
            _rate.Add(TimeSpan.FromMilliseconds(ms), 5);
        }

        Assert.Equal(50, _rate.At(TimeSpan.FromMilliseconds(20_300)));
    }

    [Fact]
    public void It_falls_to_zero_where_nothing_more_is_delivered()
    {
        _rate.Add(TimeSpan.FromSeconds(1), 90);

        Assert.Equal(10, _rate.At(TimeSpan.FromSeconds(5)));
        Assert.Equal(0, _rate.At(TimeSpan.FromSeconds(11)));
        Assert.Equal(0, _rate.At(TimeSpan.FromHours(100)));
    }
}
