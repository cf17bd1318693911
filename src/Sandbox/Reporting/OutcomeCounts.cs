using System.Globalization;

namespace CioOrleans.Sandbox.Reporting;

/// <summary>Counts requests by their outcome. Not thread-safe.</summary>
internal sealed class OutcomeCounts
{
    /// <summary>The request was not answered until the client closed the connection.</summary>
    public const int TimeOut = 0;

    /// <summary>Its connection was reset.</summary>
    public const int Reset = 1;

    /// <summary>Its connection was closed orderly, without an answer.</summary>
    public const int Close = 3;

    /// <summary>The client disconnected before the end of the body.</summary>
    public const int Incomplete = 2;

    private readonly long[] _counts = new long[600];

    public void Add(int outcome) => _counts[outcome]++;

    /// <summary>By status, or <c>timeout</c>, <c>reset</c>, <c>closed</c>, <c>incomplete</c>; outcomes that did not occur are left out.</summary>
    public Dictionary<string, long> ByName()
    {
        var byName = new Dictionary<string, long>();
        for (var outcome = 0; outcome < _counts.Length; outcome++)
        {
            if (_counts[outcome] > 0)
            {
                byName.Add(Name(outcome), _counts[outcome]);
            }
        }

        return byName;
    }

    private static string Name(int outcome) => outcome switch
    {
        TimeOut => "timeout",
        Reset => "reset",
        Close => "closed",
        Incomplete => "incomplete",
        _ => outcome.ToString(CultureInfo.InvariantCulture),
    };
}
