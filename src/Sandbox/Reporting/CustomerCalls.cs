namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// The seqs processed for one customer, sorted. In a run without faults every seq is the highest yet and is appended; only what is
/// out of order or repeated is searched for.
/// </summary>
internal sealed class CustomerCalls
{
    private long[] _seqs = [];
    private CallIdentity[] _identities = [];

    /// <summary>Every call, repeats and those without a seq among them.</summary>
    public int Calls { get; set; }

    public int Distinct { get; private set; }

    public int OrderViolations { get; set; }

    public int Duplicates { get; set; }

    /// <summary>The highest seq processed; meaningless before there is one.</summary>
    public long Highest => _seqs[Distinct - 1];

    /// <summary>How many seqs lie from the lowest to the highest.</summary>
    public long Span => Distinct == 0 ? 0 : Highest - _seqs[0] + 1;

    /// <summary>True, and nothing changes, when the seq was processed before; <paramref name="first"/> is then what came with it.</summary>
    public bool WasProcessed(long seq, CallIdentity identity, out CallIdentity first)
    {
        var index = Distinct == 0 || seq > Highest ? ~Distinct : Array.BinarySearch(_seqs, 0, Distinct, seq);
        if (index >= 0)
        {
            first = _identities[index];
            return true;
        }

        Insert(~index, seq, identity);
        first = default;
        return false;
    }

    private void Insert(int index, long seq, CallIdentity identity)
    {
        if (Distinct == _seqs.Length)
        {
            var capacity = Math.Max(4, Distinct * 2);
            Array.Resize(ref _seqs, capacity);
            Array.Resize(ref _identities, capacity);
        }

        Array.Copy(_seqs, index, _seqs, index + 1, Distinct - index);
        Array.Copy(_identities, index, _identities, index + 1, Distinct - index);
        _seqs[index] = seq;
        _identities[index] = identity;
        Distinct++;
    }
}
