using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Diagnostics;

/// <summary>The metrics of one workspace. Each set of labels is built once, so counting allocates nothing.</summary>
public sealed class WorkspaceMetrics
{
    private static readonly int _classes = Enum.GetValues<LimitClass>().Length;
    private static readonly string[] _kinds = [.. Enum.GetNames<CallKind>().Select(LabelText.Of)];

    private readonly DispatcherInstruments _instruments;
    private readonly KeyValuePair<string, object?>[] _workspace;
    private readonly KeyValuePair<string, object?>[][] _byClass;
    private readonly KeyValuePair<string, object?>[]?[] _byClassAndKind = new KeyValuePair<string, object?>[_classes * _kinds.Length][];

    internal WorkspaceMetrics(string workspace, DispatcherInstruments instruments)
    {
        _instruments = instruments;
        _workspace = [new("workspace", workspace)];
        _byClass = [.. Enum.GetValues<LimitClass>().Select(limitClass => (KeyValuePair<string, object?>[])[.. _workspace, new("limit_class", limitClass.ToName())])];
    }

    /// <summary>A call is on stable storage.</summary>
    public void Accepted(LimitClass limitClass, CallKind kind) => _instruments.Accepted.Add(1, Labels(limitClass, kind));

    /// <summary>A call was acknowledged as a duplicate.</summary>
    public void Duplicate(LimitClass limitClass, CallKind kind) => _instruments.Duplicates.Add(1, Labels(limitClass, kind));

    /// <summary>Customer.io accepted a call.</summary>
    public void Delivered(LimitClass limitClass, CallKind kind, TimeSpan acceptToDelivery)
    {
        _instruments.Delivered.Add(1, Labels(limitClass, kind));
        _instruments.DeliveryTime.Record(acceptToDelivery.TotalSeconds, _byClass[(int)limitClass]);
    }

    /// <summary>A call became a dead letter.</summary>
    public void DeadLettered(LimitClass limitClass, CallKind kind) => _instruments.DeadLettered.Add(1, Labels(limitClass, kind));

    /// <summary>An operator discarded a waiting call.</summary>
    public void Discarded(LimitClass limitClass, CallKind kind) => _instruments.Discarded.Add(1, Labels(limitClass, kind));

    /// <summary>A failed attempt will be repeated.</summary>
    public void Postponed(LimitClass limitClass) => _instruments.Postponed.Add(1, _byClass[(int)limitClass]);

    /// <summary>Customer.io answered 429.</summary>
    public void Throttled(LimitClass limitClass) => _instruments.Throttled.Add(1, _byClass[(int)limitClass]);

    /// <summary>A response had invalid rate limit headers.</summary>
    public void HeadersIgnored(LimitClass limitClass, int count) => _instruments.IgnoredHeaders.Add(count, _byClass[(int)limitClass]);

    /// <summary>A customer got its permit.</summary>
    public void Permitted(LimitClass limitClass, TimeSpan waited) => _instruments.PermitWait.Record(waited.TotalSeconds, _byClass[(int)limitClass]);

    /// <summary>An outage of a host was found.</summary>
    public void OutageBegan() => _instruments.Outages.Add(1, _workspace);

    // Two threads may build the same labels at the same time; either result is right.
    private KeyValuePair<string, object?>[] Labels(LimitClass limitClass, CallKind kind) =>
        _byClassAndKind[((int)limitClass * _kinds.Length) + (int)kind] ??= [.. _byClass[(int)limitClass], new("kind", _kinds[(int)kind])];
}
