namespace CioOrleans.Sandbox.Reporting;

/// <summary>The requests that arrived since the start or the last reset. Refused and failed requests count too.</summary>
public sealed record SandboxReport
{
    /// <summary>Requests that arrived.</summary>
    public required long Arrivals { get; init; }

    /// <summary>Requests by status, or <c>timeout</c>, <c>reset</c>, <c>closed</c>, <c>incomplete</c>; outcomes that did not occur are left out.</summary>
    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }

    /// <summary>Requests by endpoint class.</summary>
    public required IReadOnlyDictionary<string, long> ByClass { get; init; }

    /// <summary>The window of the maxima below.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>The most arrivals in any window.</summary>
    public required int MaxInWindow { get; init; }

    /// <summary>
    /// The same for each class that had arrivals, and for each configured limit of several classes, by its name, such as <c>identify,track</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, int> MaxInWindowByClass { get; init; }

    /// <summary>Arrivals per second, from one window after the first to one window before the last; null if the run is shorter.</summary>
    public required double? SteadyRate { get; init; }

    /// <summary>When the first request arrived (UTC); null if none did.</summary>
    public required DateTimeOffset? FirstArrival { get; init; }

    /// <summary>When the last request arrived (UTC); null if none did.</summary>
    public required DateTimeOffset? LastArrival { get; init; }

    /// <summary>The arrivals in each whole second since the first.</summary>
    public required IReadOnlyList<int> ArrivalsPerSecond { get; init; }

    /// <summary>The order and the repeats of the processed calls.</summary>
    public required OrderReport Order { get; init; }

    /// <summary>Messages and broadcasts, and whether any was sent twice.</summary>
    public required SendReport Sends { get; init; }

    /// <summary>How many requests were answered <paramref name="status"/>.</summary>
    public long Status(int status) => ByStatus.GetValueOrDefault(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
