namespace CioOrleans.Sandbox.Reporting;

/// <summary>
/// The seqs that were processed for one customer, sorted. Without faults every seq is the highest so far and is appended. Only a seq that is out of order
/// or repeated needs a search.
/// </summary>
internal sealed class CustomerCalls
{
    private long[] _seqs = [];
    private CallIdentity[] _identities = [];

    /// <summary>The number of calls, including repeats and calls without a seq.</summary>
    public int Calls { get; set; }

    public int Distinct { get; private set; }

    public int OrderViolations { get; set; }

    public int Duplicates { get; set; }

    /// <summary>The highest seq processed; invalid if there is none.</summary>
    public long Highest => _seqs[Distinct - 1];

    /// <summary>How many numbers there are from the lowest to the highest seq.</summary>
    public long Span => Distinct == 0 ? 0 : Highest - _seqs[0] + 1;

    /// <summary>
    /// Adds a seq. Returns true if it was processed before; then nothing changes and <paramref name="first"/> is the identity of the first call with it.
    /// </summary>
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
