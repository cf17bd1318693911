namespace CioOrleans.Leasing;

/// <summary>
/// The clock of another process, as bounds of how far it is ahead of this process's monotonic clock.
/// The other process reads its clock, d, at some moment t between the sending of the request (s) and the arrival of the answer (r). At any moment m
/// its clock shows d + (m − t). Since s ≤ t ≤ r, that is between d + (m − r) and d + (m − s). Each sample gives such bounds for d − t; the tightest
/// ones are kept and widened by the drift that two clocks may have. If the other process knows only bounds of the clock, d is between them.
/// If a process is frozen at any point, the round trip is longer and the bounds are wider; they are never wrong.
/// </summary>
/// <param name="time">The monotonic clock.</param>
/// <param name="drift">The maximum drift between the two clocks, as a share of the elapsed time.</param>
public sealed class SampledLeaseClock(TimeProvider time, double drift)
{
    /// <summary>
    /// The drift of two clocks that are each slewed by at most 500 parts in a million: ntpd, systemd-timesyncd, the kernel's <c>adjtime</c>. chrony stays below
    /// this only with <c>maxslewrate 500</c>.
    /// </summary>
    public const double NtpDrift = 0.001;

    /// <summary>The drift of two clocks that are slewed against each other at chrony's default rate: 83,333 parts in a million each.</summary>
    public const double ChronyDrift = 0.2;

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private bool _hasSample;
    private TimeSpan _sampledAt;
    private TimeSpan _lower;
    private TimeSpan _upper;
    private TimeSpan _last;

    /// <summary>This process's monotonic clock: read it before a request is sent and after its answer arrived.</summary>
    public TimeSpan Monotonic => time.GetElapsedTime(_started);

    /// <summary>Never behind the other clock, and never goes back. Before the first sample every deadline has passed.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_gate)
            {
                return Read().Now;
            }
        }
    }

    /// <summary>The bounds of the other clock. Unlike <see cref="Now"/>, the latest may go back when a sample narrows the bounds.</summary>
    public ClockBounds Bounds
    {
        get
        {
            lock (_gate)
            {
                return Read().Bounds;
            }
        }
    }

    /// <summary>The time since the last sample arrived; the greatest value before the first.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (_gate)
            {
                return _hasSample ? Monotonic - _sampledAt : TimeSpan.MaxValue;
            }
        }
    }

    /// <summary>
    /// By this clock: when the other clock will have reached <paramref name="moment"/> for certain. <see cref="Now"/> is ahead of the other clock by no more
    /// than what is added here, now or later.
    /// </summary>
    public TimeSpan WhenPassed(TimeSpan moment)
    {
        lock (_gate)
        {
            var (bounds, now) = Read();
            return moment + (now - bounds.Earliest);
        }
    }

    /// <param name="sentAt">By <see cref="Monotonic"/>, before the request left.</param>
    /// <param name="read">The bounds that the other process sent.</param>
    /// <param name="receivedAt">By <see cref="Monotonic"/>, after the answer came.</param>
    public void Observe(TimeSpan sentAt, ClockBounds read, TimeSpan receivedAt)
    {
        if (!read.IsKnown)
        {
            return;
        }

        lock (_gate)
        {
            // Bounds as of the receipt: the clocks may have drifted since the other process read its clock.
            var wait = (receivedAt - sentAt) * drift;
            var (lower, upper) = (read.Earliest - receivedAt - wait, read.Latest - sentAt + wait);
            if (_hasSample)
            {
                var widening = Widening(receivedAt);
                var (knownLower, knownUpper) = (_lower - widening, _upper + widening);

                // If the bounds exclude each other, the other clock was set, and only the new sample counts.
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

    private (ClockBounds Bounds, TimeSpan Now) Read()
    {
        if (!_hasSample)
        {
            return (ClockBounds.Unknown, ClockBounds.Unknown.Latest);
        }

        var monotonic = Monotonic;
        var widening = Widening(monotonic);
        var bounds = new ClockBounds(monotonic + _lower - widening, monotonic + _upper + widening);
        _last = bounds.Latest > _last ? bounds.Latest : _last;
        return (bounds, _last);
    }

    private TimeSpan Widening(TimeSpan monotonic) =>
        (monotonic > _sampledAt ? monotonic - _sampledAt : _sampledAt - monotonic) * drift;
}
