using CioOrleans.Outbox;

namespace CioOrleans.Customers;

/// <summary>One random history of a <see cref="CallQueue"/> above an outbox whose commits, acknowledgements and reads overlap.</summary>
internal sealed class OverlappingHistory(int seed)
{
    private readonly Random _random = new(seed);
    private readonly CallQueue _queue = new(new PayloadBudget(seed % 3 == 0 ? 3_000 : 1_000_000), Guid.NewGuid());
    private readonly Queue<OutboxRow> _handedOver = new();
    private readonly Queue<OutboxRow> _committed = new();
    private readonly List<OutboxRow> _outbox = [];
    private readonly List<long> _stored = [];
    private readonly List<long> _delivered = [];
    private (CustomerQueue Queue, int Load)? _load;

    public bool Run()
    {
        for (var step = 0; step < 400; step++)
        {
            Step(_random.Next(6));
        }

        while (_handedOver.Count > 0 || _committed.Count > 0 || _load is not null || _queue.NeedsLoad || _queue.TryPeek(out _))
        {
            Step(1 + _random.Next(5));
        }

        return _delivered.SequenceEqual(_stored) && _outbox.Count == 0;
    }

    public string Describe() => $"stored {string.Join(',', _stored)}; delivered {string.Join(',', _delivered)}; left {_outbox.Count}";

    private void Step(int what)
    {
        switch (what)
        {
            case 0:
                _handedOver.Enqueue(CallQueueTests.Row(_queue.Reserve()));
                break;

            // A group is committed, or refused as a whole.
            case 1:
                var refused = _random.Next(10) == 0;
                for (var n = _random.Next(1, 5); n > 0 && _handedOver.TryDequeue(out var row); n--)
                {
                    if (!refused)
                    {
                        _outbox.Add(row);
                        _stored.Add(row.Sequence);
                        _committed.Enqueue(row);
                    }
                }

                break;

            // The grain hears of a commit.
            case 2:
                if (_committed.TryDequeue(out var acknowledged))
                {
                    _queue.OnStored(acknowledged.Sequence, acknowledged.Call);
                }

                break;

            case 3:
                if (_load is null && _queue.NeedsLoad)
                {
                    _load = (CallQueueTests.Read(_outbox, _queue.WindowEnd), _queue.OnLoadStarted());
                }

                break;

            case 4:
                if (_load is { } load)
                {
                    _load = null;
                    _queue.OnLoaded(load.Queue, load.Load);
                }

                break;

            case 5:
                if (_load is null && _queue.TryPeek(out var head))
                {
                    _delivered.Add(head.Sequence);
                    _outbox.RemoveAll(row => row.Sequence == head.Sequence);
                    _queue.Dequeue();
                }

                break;
        }
    }
}
