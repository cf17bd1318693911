using CioOrleans.Calls;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;

namespace CioOrleans.Customers;

public sealed class CallQueueTests
{
    private static readonly CustomerAddress _customer = new("acme", "id:1");

    private static readonly Guid _activation = Guid.NewGuid();

    private readonly PayloadBudget _budget = new(1_000_000);
    private readonly CallQueue _queue;

    public CallQueueTests() => _queue = New(_budget);

    [Fact]
    public void Sequences_ascend_from_the_last_one_ever_given_out()
    {
        _queue.OnLoaded(new CustomerQueue([], LastSequence: 41, HasMore: false), _queue.OnLoadStarted());

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
        Assert.Equal(CallQueue.WindowCalls, _queue.InMemory);
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
        var queue = New(new PayloadBudget(10));

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
        var queue = New(budget);
        queue.OnStored(queue.Reserve(), call);
        Assert.False(budget.TryTake(1));

        queue.Dequeue();

        Assert.True(budget.TryTake(size));
    }

    [Fact]
    public void After_a_write_that_failed_what_stands_behind_the_window_is_read_so_that_a_twins_calls_keep_their_place()
    {
        _queue.OnStored(_queue.Reserve(), NewCall());
        _queue.OnNotStored(_queue.Reserve());

        // A twin stored 2 and 3 meanwhile; this grain's next, whose sequence has run ahead of them, must not overtake them.
        var mine = _queue.Reserve() + 1;
        Assert.False(_queue.OnStored(mine, NewCall()));
        _queue.Dequeue();

        Assert.True(_queue.NeedsLoad);
        Load(Row(2), Row(3), Row(mine));
        Assert.True(_queue.TryPeek(out var head));
        Assert.Equal((2, false), (head.Sequence, _queue.HasTail));
    }

    [Fact]
    public void After_a_write_that_failed_the_window_is_read_again_for_a_twin_may_have_delivered_some_of_it()
    {
        _queue.OnStored(_queue.Reserve(), NewCall());
        _queue.OnStored(_queue.Reserve(), NewCall());
        _queue.OnNotStored(_queue.Reserve());

        _queue.OnPermit(_activation);
        Assert.True(_queue.NeedsLoad);
        Load(Row(2));

        Assert.True(_queue.TryPeek(out var head));
        Assert.Equal((2, 1, false), (head.Sequence, _queue.InMemory, _queue.HasTail));
    }

    [Fact]
    public void After_a_write_that_failed_the_next_call_of_an_empty_queue_is_news()
    {
        _queue.OnNotStored(_queue.Reserve());

        Assert.True(_queue.OnStored(_queue.Reserve(), NewCall()));
        Assert.True(_queue.NeedsLoad);
    }

    [Fact]
    public void A_row_that_was_stored_although_its_write_was_reported_as_failed_keeps_its_place()
    {
        var first = _queue.Reserve();
        _queue.OnStored(_queue.Reserve(), NewCall());
        _queue.OnNotStored(first);

        Load(Row(1), Row(2));

        Assert.True(_queue.TryPeek(out var head));
        Assert.Equal((1, 2, false), (head.Sequence, _queue.InMemory, _queue.HasTail));
    }

    [Fact]
    public void A_queue_that_was_not_read_yet_is_never_empty()
    {
        var queue = new CallQueue(_budget, _activation);

        Assert.Equal((false, false, true), (queue.IsKnown, queue.IsEmpty, queue.NeedsLoad));
    }

    [Fact]
    public void A_call_stored_during_a_load_that_has_not_seen_it_still_waits()
    {
        var queue = new CallQueue(_budget, _activation);
        queue.OnLoaded(new CustomerQueue([], 0, HasMore: false), queue.OnLoadStarted());
        queue.OnUncertain();
        var load = queue.OnLoadStarted();
        var seen = Read([], load.After);
        queue.OnStored(queue.Reserve(), NewCall());

        queue.OnLoaded(seen, load);

        Assert.Equal((false, true), (queue.IsEmpty, queue.NeedsLoad));
    }

    [Fact]
    public void Of_two_overlapping_loads_the_earlier_ones_view_does_not_hide_what_came_between_them()
    {
        var queue = new CallQueue(_budget, _activation);
        queue.OnLoaded(new CustomerQueue([], 0, HasMore: false), queue.OnLoadStarted());
        queue.OnUncertain();
        var early = queue.OnLoadStarted();
        queue.OnStored(queue.Reserve(), NewCall());
        var late = queue.OnLoadStarted();

        queue.OnLoaded(Read([], early.After), early);
        Assert.False(queue.IsEmpty);
        queue.OnLoaded(Read([Row(1)], late.After), late);

        Assert.Equal((1, false), (queue.InMemory, queue.HasTail));
    }

    [Fact]
    public void Only_a_read_from_the_beginning_proves_that_nothing_waits()
    {
        for (var i = 0; i <= CallQueue.WindowCalls; i++)
        {
            _queue.OnStored(_queue.Reserve(), NewCall());
        }

        for (var i = 0; i < CallQueue.WindowCalls; i++)
        {
            _queue.Dequeue();
        }

        Load(Row(3));
        Assert.True(_queue.NeedsLoad);
        Load(Row(3));

        Assert.True(_queue.TryPeek(out var head));
        Assert.Equal(3, head.Sequence);
    }

    [Fact]
    public void Whatever_overlaps_every_stored_call_leaves_once_and_in_order_and_the_queue_is_never_taken_for_empty_before()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var wrong = new OverlappingHistory(seed).Run();
            Assert.True(wrong is null, $"seed {seed}: {wrong}");
        }
    }

    private void Load(params OutboxRow[] outbox)
    {
        var load = _queue.OnLoadStarted();
        _queue.OnLoaded(Read([.. outbox], load.After), load);
    }

    private static CallQueue New(PayloadBudget budget)
    {
        var queue = new CallQueue(budget, _activation);
        queue.OnLoaded(new CustomerQueue([], 0, HasMore: false), queue.OnLoadStarted());
        return queue;
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

    internal static CustomerQueue Read(List<OutboxRow> outbox, long after)
    {
        var rows = outbox.Where(row => row.Sequence > after).ToList();
        return new CustomerQueue([.. rows.Take(CallQueue.WindowCalls)], outbox.Count == 0 ? 0 : outbox[^1].Sequence, rows.Count > CallQueue.WindowCalls);
    }
}
