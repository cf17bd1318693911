namespace CioOrleans.Grains.BackPressure;

/// <summary>How many calls a second have been delivered lately. Times are the caller's clock, ever growing.</summary>
internal sealed class DeliveryRate
{
    private const int Seconds = 10;

    private readonly long[] _counts = new long[Seconds];
    private long _second;

    public void Add(TimeSpan now, int delivered)
    {
        Advance(now);
        _counts[_second % Seconds] += delivered;
    }

    /// <summary>Over the last ten whole seconds.</summary>
    public double At(TimeSpan now)
    {
        Advance(now);

        // The second under way is not over: it would count as a slow one.
        var (sum, current) = (_counts.Sum(), _counts[_second % Seconds]);
        return (sum - current) / (double)(Seconds - 1);
    }

    private void Advance(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        for (var i = 0; i < Seconds && _second < second; i++)
        {
            _counts[++_second % Seconds] = 0;
        }

        _second = Math.Max(_second, second);
    }
}
