namespace CioOrleans.Leasing;

/// <summary>
/// A clock of another process, seen from this one: bounds of how far it is ahead of the monotonic clock of this process.
/// The other process looked at its clock at some moment t between the sending of a request (s) and the receipt of its answer (r), and
/// read d. At any moment m its clock shows d + (m − t), and since s ≤ t ≤ r that lies between d + (m − r) and d + (m − s). Each
/// sample gives such bounds for d − t; the tightest ones hold, widened by what two clocks may drift apart. Where the other process
/// knows only bounds of the clock itself, d lies between them.
/// A process that is frozen anywhere on the way makes the round trip longer, and so the bounds wider; they are never wrong.
/// </summary>
/// <param name="time">The monotonic clock.</param>
/// <param name="drift">What the two clocks may drift apart, in parts of the time that passes.</param>
internal sealed class SampledLeaseClock(TimeProvider time, double drift)
{
    /// <summary>
    /// Two clocks that are each slewed by no more than 500 parts in a million: ntpd, systemd-timesyncd, the kernel's <c>adjtime</c>. chrony slews by as
    /// much only with <c>maxslewrate 500</c>.
    /// </summary>
    public const double NtpDrift = 0.001;

    /// <summary>Two clocks that are slewed against each other as fast as chrony does by default: 83,333 parts in a million each.</summary>
    public const double ChronyDrift = 0.2;

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private bool _hasSample;
    private TimeSpan _sampledAt;
    private TimeSpan _lower;
    private TimeSpan _upper;
    private TimeSpan _last;

    /// <summary>This process's monotonic clock: read it before a request is sent and after its answer is here.</summary>
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

    /// <summary>The bounds of the other clock. Unlike <see cref="Now"/> the latest may go back, when a sample makes the bounds narrower.</summary>
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

    /// <summary>The time since the receipt of the last sample; the greatest value before the first.</summary>
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
    /// By this clock: when the other one will have reached <paramref name="moment"/> for certain. <see cref="Now"/> may
    /// be ahead of it, by no more than what is added here, now or later.
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
    /// <param name="read">What the other process knew of its clock.</param>
    /// <param name="receivedAt">By <see cref="Monotonic"/>, after the answer came.</param>
    public void Observe(TimeSpan sentAt, ClockBounds read, TimeSpan receivedAt)
    {
        if (!read.IsKnown)
        {
            return;
        }

        lock (_gate)
        {
            // As of the receipt: since the other process looked, the clocks may have drifted too.
            var wait = (receivedAt - sentAt) * drift;
            var (lower, upper) = (read.Earliest - receivedAt - wait, read.Latest - sentAt + wait);
            if (_hasSample)
            {
                var widening = Widening(receivedAt);
                var (knownLower, knownUpper) = (_lower - widening, _upper + widening);

                // Bounds that exclude each other: the other clock was set. What it shows now is what counts.
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
