using CioOrleans.Calls;
using CioOrleans.Grains.Customers;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Customers;

public sealed class LocalAcceptsTests
{
    private static readonly CustomerAddress _customer = new("acme", "id:1");
    private static readonly AsyncLocal<string?> _request = new();

    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeActivation _activation = new();
    private readonly LocalCustomers _customers;

    public LocalAcceptsTests() => _customers = new LocalCustomers(_time);

    [Fact]
    public void A_customer_without_an_activation_here_needs_a_message() => Assert.Null(TryAccept());

    [Fact]
    public async Task Accepts_run_in_turns_in_the_order_in_which_they_were_queued()
    {
        Add();
        var (first, second) = (TryAccept()!, TryAccept()!);
        Assert.Empty(_activation.Running);

        _activation.RunTurns();
        Assert.Equal(2, _activation.Running.Count);
        _activation.End(1);
        Assert.IsType<AcceptResult.Accepted>(await second);
        Assert.False(first.IsCompleted);
        _activation.End(0);
        Assert.IsType<AcceptResult.Accepted>(await first);
    }

    [Fact]
    public void A_message_is_needed_every_minute_so_that_Orleans_sees_the_grain_in_use()
    {
        var accepts = Add();
        _time.Advance(LocalAccepts.MessageEvery - TimeSpan.FromTicks(1));
        Assert.NotNull(TryAccept());

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(TryAccept());

        accepts.OnMessage(_time);
        Assert.NotNull(TryAccept());
    }

    [Fact]
    public void An_activation_that_was_replaced_does_not_remove_its_successor()
    {
        var before = Add();
        Add();
        _customers.Remove(_customer, before);
        Assert.NotNull(TryAccept());
    }

    [Fact]
    public async Task An_accept_that_fails_fails_as_a_message_would_and_keeps_nobody_from_leaving()
    {
        var accepts = Add();
        var accept = TryAccept()!;
        _activation.RunTurns();
        var left = accepts.LeaveAsync();
        Assert.False(left.IsCompleted);

        _activation.Fail(0);
        await Assert.ThrowsAsync<InvalidDataException>(() => accept);
        await left.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_accept_that_hangs_times_out_as_a_message_would()
    {
        Add();
        var accept = TryAccept()!;
        _activation.RunTurns();
        _time.Advance(AcceptDeadline.Length);
        await Assert.ThrowsAsync<TimeoutException>(() => accept);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_turn_sees_nothing_of_the_request(bool isSuppressed)
    {
        Add();
        _request.Value = "a trace";
        using (isSuppressed ? ExecutionContext.SuppressFlow() : (IDisposable?)null)
        {
            _ = TryAccept();
        }

        _activation.RunTurns();
        Assert.Equal([null], _activation.Requests);
    }

    /// <summary>Each accept ends with what the grain said, or with null if the grain had left before its turn. No accept begins or runs after the grain has left.</summary>
    [Fact]
    public void Whenever_an_activation_leaves_no_accept_is_cut_off_and_none_begins_later() =>
        Gen.Int[0, 3].List[0, 60].Sample(steps =>
        {
            var activation = new FakeActivation();
            var accepts = new LocalAccepts(activation);
            List<Task<AcceptResult?>> asked = [];
            Task? left = null;
            var begunBefore = -1;
            foreach (var step in steps)
            {
                switch (step)
                {
                    case 0:
                        asked.Add(accepts.QueueAsync(CallQueueTests.NewCall(), UnhurriedAccepts.Never));
                        break;
                    case 1:
                        activation.RunTurn();
                        break;
                    case 2:
                        activation.EndNext();
                        break;
                    default:
                        left ??= accepts.LeaveAsync();
                        begunBefore = begunBefore < 0 ? activation.Begun : begunBefore;
                        break;
                }

                // Leaving ends only with the last accept that runs; no new one has begun.
                Assert.True(left is null || activation.Begun == begunBefore);
                Assert.True(left is null || !activation.IsAnyRunning || !left.IsCompleted);
            }

            left ??= accepts.LeaveAsync();
            activation.RunTurns();
            while (activation.IsAnyRunning)
            {
                activation.EndNext();
            }

            Assert.True(left.Wait(_patience), "The activation did not leave.");
            var results = Task.WhenAll(asked).WaitAsync(_patience).GetAwaiter().GetResult();
            Assert.Equal(activation.Begun, results.Count(result => result is AcceptResult.Accepted));
            Assert.All(results[activation.Begun..], Assert.Null);
        });

    private LocalAccepts Add()
    {
        var accepts = _customers.Add(_customer, _activation);
        accepts.OnMessage(_time);
        return accepts;
    }

    private Task<AcceptResult?>? TryAccept() => _customers.TryAcceptAsync(_customer, CallQueueTests.NewCall(), UnhurriedAccepts.Never);

    /// <summary>An activation whose turns run when the test says so.</summary>
    private sealed class FakeActivation : ICustomerActivation
    {
        private readonly Queue<Task> _turns = [];
        private int _ended;

        public List<TaskCompletionSource<AcceptResult>> Running { get; } = [];

        public List<string?> Requests { get; } = [];

        public int Begun => Running.Count;

        public bool IsAnyRunning => _ended < Running.Count;

        public void Leave() => throw new NotSupportedException();

        public void Queue(Task turn) => _turns.Enqueue(turn);

        public ValueTask<AcceptResult> AcceptAsync(Call call, AcceptDeadline deadline)
        {
            Requests.Add(_request.Value);
            var accept = new TaskCompletionSource<AcceptResult>();
            Running.Add(accept);
            return new(accept.Task);
        }

        public void RunTurn()
        {
            if (_turns.TryDequeue(out var turn))
            {
                // As a thread of Orleans, which has no context of its own.
                var thread = new Thread(() => turn.RunSynchronously(TaskScheduler.Default));
                thread.UnsafeStart();
                thread.Join();
            }
        }

        public void RunTurns()
        {
            while (_turns.Count > 0)
            {
                RunTurn();
            }
        }

        public void EndNext()
        {
            if (IsAnyRunning)
            {
                End(_ended++);
            }
        }

        public void End(int accept) => Running[accept].SetResult(AcceptResult.Accepted.Instance);

        public void Fail(int accept) => Running[accept].SetException(new InvalidDataException());
    }
}
