namespace CioOrleans.Leasing;

/// <summary>
/// The database's clock, seen from this process: bounds of how far it is ahead of the monotonic clock.
/// The database looked at its clock at some moment t between the sending of a request (s) and the receipt of its answer (r), and
/// read d. At any moment m its clock shows d + (m − t), and since s ≤ t ≤ r that lies between d + (m − r) and d + (m − s). Each
/// sample gives such bounds for d − t; the tightest ones hold, widened by what two clocks may drift apart.
/// </summary>
internal sealed class PostgresLeaseClock(TimeProvider time)
{
    /// <summary>Twice what a clock may be slewed by NTP, in parts of the time that has passed.</summary>
    private const double Drift = 0.001;

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private bool _hasSample;
    private TimeSpan _sampledAt;
    private TimeSpan _lower;
    private TimeSpan _upper;
    private TimeSpan _last;

    /// <summary>This process's monotonic clock: read it before a request is sent and after its answer is here.</summary>
    public TimeSpan Monotonic => time.GetElapsedTime(_started);

    /// <summary>Never behind the database's clock, and never goes back. Before the first sample every deadline has passed.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_gate)
            {
                return ReadNow();
            }
        }
    }

    /// <summary>
    /// By this clock: when the database's own will have reached <paramref name="databaseTime"/> for certain. <see cref="Now"/> may
    /// be ahead of it, by no more than what is added here, now or later.
    /// </summary>
    public TimeSpan WhenPassed(TimeSpan databaseTime)
    {
        lock (_gate)
        {
            var monotonic = Monotonic;
            return databaseTime + (ReadNow() - (monotonic + _lower - Widening(monotonic)));
        }
    }

    /// <param name="sentAt">By <see cref="Monotonic"/>, before the request left.</param>
    /// <param name="databaseTime">What the database's clock showed.</param>
    /// <param name="receivedAt">By <see cref="Monotonic"/>, after the answer came.</param>
    public void Observe(TimeSpan sentAt, TimeSpan databaseTime, TimeSpan receivedAt)
    {
        lock (_gate)
        {
            // As of the receipt: since the database looked, the clocks may have drifted too.
            var wait = (receivedAt - sentAt) * Drift;
            var (lower, upper) = (databaseTime - receivedAt - wait, databaseTime - sentAt + wait);
            if (_hasSample)
            {
                var widening = Widening(receivedAt);
                var (knownLower, knownUpper) = (_lower - widening, _upper + widening);

                // Bounds that exclude each other: the database's clock was set. What it shows now is what counts.
                if (lower <= knownUpper && upper >= knownLower)
                {
                    lower = lower > knownLower ? lower : knownLower;
                    upper = upper < knownUpper ? upper : knownUpper;
                }
            }

            (_lower, _upper, _hasSample) = (lower, upper, true);
            _sampledAt = receivedAt;
        }
    }

    private TimeSpan ReadNow()
    {
        if (!_hasSample)
        {
            return TimeSpan.MaxValue / 2;
        }

        var monotonic = Monotonic;
        var now = monotonic + _upper + Widening(monotonic);
        return _last = now > _last ? now : _last;
    }

    private TimeSpan Widening(TimeSpan monotonic) =>
        (monotonic > _sampledAt ? monotonic - _sampledAt : _sampledAt - monotonic) * Drift;
}
