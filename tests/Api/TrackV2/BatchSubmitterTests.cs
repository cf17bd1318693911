using CioOrleans.Api.Submission;
using CioOrleans.Api.TrackV2;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Api.Tests.TrackV2;

public sealed class BatchSubmitterTests
{
    private readonly GatedSink _sink = new();

    [Fact]
    public async Task The_answer_waits_for_every_customer()
    {
        var accept = new BatchSubmitter(_sink).AcceptAsync("acme", [Operation("a", 1), Operation("b", 2), Operation("a", 3)]).AsTask();

        Assert.Equal(["a 1,3", "b 2"], _sink.Begun);
        _sink.End("b 2");
        Assert.False(accept.IsCompleted);
        _sink.End("a 1,3");
        Assert.Null(await accept);
    }

    [Fact]
    public async Task A_merge_waits_for_what_stands_before_it_and_is_waited_for()
    {
        var accept = new BatchSubmitter(_sink).AcceptAsync("acme", [Operation("a", 1), Operation("b", 2), Merge("a", 3), Operation("c", 4)]).AsTask();

        _sink.End("a 1");
        Assert.Equal(["a 1", "b 2"], _sink.Begun);
        _sink.End("b 2");
        await _sink.WaitForAsync("a 3");
        Assert.Equal(["a 1", "b 2", "a 3"], _sink.Begun);
        _sink.End("a 3");
        await _sink.WaitForAsync("c 4");
        _sink.End("c 4");
        Assert.Null(await accept);
    }

    [Fact]
    public async Task Nothing_behind_a_merge_is_handed_over_where_something_before_it_was_refused()
    {
        var accept = new BatchSubmitter(_sink).AcceptAsync("acme", [Operation("a", 1), Operation("b", 2), Merge("a", 3)]).AsTask();

        _sink.End("a 1", _unavailable);
        Assert.False(accept.IsCompleted);
        _sink.End("b 2");

        Assert.Same(_unavailable, await accept);
        Assert.Equal(["a 1", "b 2"], _sink.Begun);
    }

    private static readonly AcceptResult.Unavailable _unavailable = new("full", TimeSpan.FromSeconds(1));

    private static AcceptedOperation Merge(string customer, int number) => Operation(customer, number, CallKind.Merge);

    private static AcceptedOperation Operation(string customer, int number, CallKind kind = CallKind.Suppress) => new(customer, new Call
    {
        Id = Ulid.NewUlid(),
        Kind = kind,
        LimitClass = LimitClass.Batch,
        Method = "POST",
        Target = $"{number}",
        Headers = [],
        Body = [],
        AcceptedAt = DateTimeOffset.UnixEpoch,
    });

    /// <summary>Ends each accept when it is told to.</summary>
    private sealed class GatedSink : ICallSink
    {
        public ValueTask<AcceptResult> AcceptUpToAsync(string workspace, string customer, Call call, int maxQueued) => AcceptAsync(workspace, customer, call);

        private readonly List<string> _begun = [];
        private readonly Dictionary<string, TaskCompletionSource<AcceptResult>> _gates = [];
        private readonly Dictionary<string, TaskCompletionSource> _arrivals = [];

        public IReadOnlyList<string> Begun => _begun;

        public async ValueTask<AcceptResult> AcceptAsync(string workspace, string customer, Call call) => await BeginAsync($"{customer} {call.Target}");

        public ValueTask<KeyedAccept> AcceptSendAsync(string workspace, string customer, Call call, SendKey key) => throw new NotSupportedException();

        public async ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(string workspace, string customer, IReadOnlyList<Call> calls)
        {
            var result = await BeginAsync($"{customer} {string.Join(',', calls.Select(c => c.Target))}");
            return [.. calls.Select(_ => result)];
        }

        public void End(string accept, AcceptResult? result = null) => _gates[accept].SetResult(result ?? AcceptResult.Accepted.Instance);

        public Task WaitForAsync(string accept)
        {
            lock (_begun)
            {
                return _begun.Contains(accept) ? Task.CompletedTask : (_arrivals[accept] = new TaskCompletionSource()).Task;
            }
        }

        private Task<AcceptResult> BeginAsync(string accept)
        {
            lock (_begun)
            {
                _begun.Add(accept);
                _gates[accept] = new TaskCompletionSource<AcceptResult>();
                _arrivals.GetValueOrDefault(accept)?.SetResult();
                return _gates[accept].Task;
            }
        }
    }
}
