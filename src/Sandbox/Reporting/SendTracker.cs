namespace CioOrleans.Sandbox.Reporting;

/// <summary>Counts messages by the key that their sender gave them. Not thread-safe.</summary>
internal sealed class SendTracker
{
    private const int MaxListed = 100;

    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);
    private long _sent;

    public void Record(string? key)
    {
        _sent++;
        if (key is not null)
        {
            _byKey[key] = _byKey.GetValueOrDefault(key) + 1;
        }
    }

    public IReadOnlyDictionary<string, int> ByKey() => new Dictionary<string, int>(_byKey, StringComparer.Ordinal);

    public SendReport Report()
    {
        var twice = _byKey.Where(pair => pair.Value > 1).Select(pair => pair.Key).ToArray();
        return new SendReport { Sent = _sent, Distinct = _byKey.Count, SentTwice = twice.Length, Twice = [.. twice.Take(MaxListed)] };
    }
}
