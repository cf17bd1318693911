using CioOrleans.Calls;
using CioOrleans.Limits;
using CioOrleans.Outbox;

namespace CioOrleans.Customers;

public sealed class CallQueueTests
{
    private static readonly CustomerAddress _customer = new("acme", "id:1");

    private static readonly Guid _activation = Guid.NewGuid();

    private readonly PayloadBudget _budget = new(1_000_000);
    private readonly CallQueue _queue;

    public CallQueueTests() => _queue = new CallQueue(_budget, _activation);

    [Fact]
    public void Sequences_ascend_from_the_last_one_ever_given_out()
    {
        _queue.OnLoaded(new CustomerQueue([], LastSequence: 41, Waiting: 0), _queue.OnLoadStarted());

        Assert.Equal(42, _queue.Reserve());
        Assert.Equal(43, _queue.Reserve());
    }

    [Fact]
    public void Only_the_first_waiting_call_is_news()
    {
        Assert.True(_queue.OnStored(_queue.Reserve(), NewCall()));
        Assert.False(_queue.OnStored(_queue.Reserve(), NewCall()));
    }

    [Fact]
    public void A_long_queue_keeps_only_its_head_in_memory()
    {
        for (var i = 0; i < CallQueue.WindowCalls + 5; i++)
        {
            _queue.OnStored(_queue.Reserve(), NewCall());
        }

        Assert.True(_queue.HasTail);
        Assert.Equal(CallQueue.WindowCalls + 5, _queue.Waiting);
        for (var i = 0; i < CallQueue.WindowCalls; i++)
        {
            Assert.True(_queue.TryPeek(out _));
            _queue.Dequeue();
        }

        Assert.False(_queue.TryPeek(out _));
        Assert.True(_queue.NeedsLoad);
        Assert.Equal(CallQueue.WindowCalls, _queue.WindowEnd);
    }

    [Fact]
    public void Without_budget_a_call_waits_in_the_outbox_alone_and_is_still_news()
    {
        var queue = new CallQueue(new PayloadBudget(10), _activation);

        Assert.True(queue.OnStored(queue.Reserve(), NewCall()));
        Assert.False(queue.OnStored(queue.Reserve(), NewCall()));
        Assert.True(queue.NeedsLoad);
    }

    [Fact]
    public void The_budget_is_whole_again_once_the_queue_is_empty()
    {
        var call = NewCall();
        var size = new QueuedCall(1, call).Size;
        var budget = new PayloadBudget(size);
        var queue = new CallQueue(budget, _activation);
        queue.OnStored(queue.Reserve(), call);
        Assert.False(budget.TryTake(1));

        queue.Dequeue();

        Assert.True(budget.TryTake(size));
    }

    [Fact]
    public void After_a_write_that_failed_what_stands_behind_the_window_is_read_so_that_a_twins_calls_keep_their_place()
    {
        _queue.OnStored(_queue.Reserve(), NewCall());
        _queue.Reserve();
        _queue.OnNotStored();

        // A twin stored 2 and 3 meanwhile; this grain's next, whose sequence has run ahead of them, must not overtake them.
        var mine = _queue.Reserve() + 1;
        Assert.False(_queue.OnStored(mine, NewCall()));
        _queue.Dequeue();

        Assert.True(_queue.NeedsLoad);
        _queue.OnLoaded(Read([Row(2), Row(3), Row(mine)], _queue.WindowEnd), _queue.OnLoadStarted());
        Assert.True(_queue.TryPeek(out var head));
        Assert.Equal((2, false), (head.Sequence, _queue.HasTail));
    }

    [Fact]
    public void After_a_write_that_failed_the_window_is_read_again_for_a_twin_may_have_delivered_some_of_it()
    {
        _queue.OnStored(_queue.Reserve(), NewCall());
        _queue.OnStored(_queue.Reserve(), NewCall());
        _queue.Reserve();
        _queue.OnNotStored();

        _queue.OnPermit(_activation);
        Assert.True(_queue.NeedsLoad);
        _queue.OnLoaded(Read([Row(2)], _queue.WindowEnd), _queue.OnLoadStarted());

        Assert.True(_queue.TryPeek(out var head));
        Assert.Equal((2, 1, false), (head.Sequence, _queue.Waiting, _queue.HasTail));
    }

    [Fact]
    public void After_a_write_that_failed_the_next_call_of_an_empty_queue_is_news()
    {
        _queue.Reserve();
        _queue.OnNotStored();

        Assert.True(_queue.OnStored(_queue.Reserve(), NewCall()));
        Assert.True(_queue.NeedsLoad);
    }

    [Fact]
    public void A_row_that_was_stored_although_its_write_was_reported_as_failed_is_found_in_the_end()
    {
        _queue.Reserve();
        _queue.OnStored(_queue.Reserve(), NewCall());
        for (var i = 0; i < CallQueue.WindowCalls; i++)
        {
            _queue.OnStored(_queue.Reserve(), NewCall());
        }

        var outbox = new List<OutboxRow> { Row(1), Row(CallQueue.WindowCalls + 2) };
        for (var i = 0; i < CallQueue.WindowCalls; i++)
        {
            _queue.Dequeue();
        }

        var delivered = new List<long>();
        while (_queue.NeedsLoad || _queue.TryPeek(out _))
        {
            if (_queue.NeedsLoad)
            {
                _queue.OnLoaded(Read(outbox, _queue.WindowEnd), _queue.OnLoadStarted());
                continue;
            }

            _queue.TryPeek(out var head);
            delivered.Add(head!.Sequence);
            outbox.RemoveAll(row => row.Sequence == head.Sequence);
            _queue.Dequeue();
        }

        Assert.Equal([CallQueue.WindowCalls + 2, 1], delivered);
    }

    /// <summary>Commits, their acknowledgements and loads overlap in every possible way; the queue must never lose, repeat or reorder a call.</summary>
    [Fact]
    public void Whatever_overlaps_every_stored_call_leaves_once_and_in_order()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var history = new OverlappingHistory(seed);
            Assert.True(history.Run(), $"seed {seed}: {history.Describe()}");
        }
    }

    internal static Call NewCall() => new()
    {
        Id = Ulid.NewUlid(),
        Kind = CallKind.Identify,
        LimitClass = LimitClass.Identify,
        Method = "PUT",
        Target = "/api/v1/customers/1",
        Headers = [],
        Body = new byte[100],
        AcceptedAt = DateTimeOffset.UnixEpoch,
    };

    internal static OutboxRow Row(long sequence) => new(_customer, sequence, NewCall());

    internal static CustomerQueue Read(List<OutboxRow> outbox, long after) =>
        new([.. outbox.Where(row => row.Sequence > after).Take(CallQueue.WindowCalls)], outbox.Count == 0 ? 0 : outbox[^1].Sequence, outbox.Count);
}
