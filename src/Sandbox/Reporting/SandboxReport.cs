namespace CioOrleans.Sandbox.Reporting;

/// <summary>What has arrived since the start or the last reset. Everything counts as an arrival, what was refused or failed too.</summary>
public sealed record SandboxReport
{
    /// <summary>Requests that arrived.</summary>
    public required long Arrivals { get; init; }

    /// <summary>Requests by status, or <c>timeout</c>, <c>reset</c>, <c>closed</c>, <c>incomplete</c>; what never happened is left out.</summary>
    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }

    /// <summary>Requests by endpoint class.</summary>
    public required IReadOnlyDictionary<string, long> ByClass { get; init; }

    /// <summary>The window of the maxima below.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>The most arrivals in any window.</summary>
    public required int MaxInWindow { get; init; }

    /// <summary>The same for each class that had arrivals, and for each configured limit by its name, such as <c>identify,track</c>.</summary>
    public required IReadOnlyDictionary<string, int> MaxInWindowByClass { get; init; }

    /// <summary>Arrivals a second from one window after the first to one window before the last; null in a shorter run.</summary>
    public required double? SteadyRate { get; init; }

    /// <summary>When the first came (UTC); null when none did.</summary>
    public required DateTimeOffset? FirstArrival { get; init; }

    /// <summary>When the last came (UTC); null when none did.</summary>
    public required DateTimeOffset? LastArrival { get; init; }

    /// <summary>Arrivals by whole seconds since the first.</summary>
    public required IReadOnlyList<int> ArrivalsPerSecond { get; init; }

    /// <summary>Order and repeats of what was processed.</summary>
    public required OrderReport Order { get; init; }

    /// <summary>Messages and broadcasts, and whether any was sent twice.</summary>
    public required SendReport Sends { get; init; }

    /// <summary>How many requests were answered <paramref name="status"/>.</summary>
    public long Status(int status) => ByStatus.GetValueOrDefault(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
