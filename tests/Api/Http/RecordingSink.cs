using System.Collections.Concurrent;
using CioOrleans.Api.Submission;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.Tests.Http;

/// <summary>A substitute for the cluster: records the calls that the front-end passes on.</summary>
public sealed class RecordingSink : ICallSink
{
    private readonly ConcurrentQueue<HandedOver> _calls = new();

    public AcceptResult Answer { get; set; } = AcceptResult.Accepted.Instance;

    public IReadOnlyCollection<HandedOver> Calls => _calls;

    public ValueTask<AcceptResult> AcceptAsync(string workspace, string customer, Call call)
    {
        _calls.Enqueue(new HandedOver(workspace, customer, call));
        return ValueTask.FromResult(Answer);
    }

    public ValueTask<AcceptResult> AcceptUpToAsync(string workspace, string customer, Call call, int maxQueued) =>
        _calls.Count(taken => taken.Customer == customer) < maxQueued
            ? AcceptAsync(workspace, customer, call)
            : ValueTask.FromResult<AcceptResult>(new AcceptResult.Unavailable("full", TimeSpan.FromSeconds(1)) { IsOverload = true });

    /// <summary>What becomes of a keyed send; null for one that is stored.</summary>
    public Func<Call, SendKey, KeyedAccept>? KeyedAnswer { get; set; }

    public ValueTask<KeyedAccept> AcceptSendAsync(string workspace, string customer, Call call, SendKey key)
    {
        _calls.Enqueue(new HandedOver(workspace, customer, call));
        return ValueTask.FromResult(KeyedAnswer?.Invoke(call, key) ?? new KeyedAccept.Bound(new SendBinding(call.Id, customer, key.Content), IsNew: true));
    }

    public ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(string workspace, string customer, IReadOnlyList<Call> calls)
    {
        foreach (var call in calls)
        {
            _calls.Enqueue(new HandedOver(workspace, customer, call));
        }

        return ValueTask.FromResult<IReadOnlyList<AcceptResult>>([.. calls.Select(_ => Answer)]);
    }
}
