using CioOrleans.Grains.Customers;

namespace CioOrleans.Delivery;

public sealed class LocalDeliveriesTests
{
    private readonly LocalDeliveries _deliveries = new();

    [Fact]
    public void A_stop_waits_for_what_runs_and_lets_nothing_begin()
    {
        Assert.True(_deliveries.TryBegin());
        Assert.True(_deliveries.TryBegin());

        var stop = _deliveries.StopAsync();

        Assert.False(_deliveries.TryBegin());
        _deliveries.End();
        Assert.False(stop.IsCompleted);
        _deliveries.End();
        Assert.True(stop.IsCompleted);
    }

    [Fact]
    public void A_stop_ends_at_once_where_nothing_runs()
    {
        Assert.True(_deliveries.TryBegin());
        _deliveries.End();

        Assert.True(_deliveries.StopAsync().IsCompleted);
    }
}
