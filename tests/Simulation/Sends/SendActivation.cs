using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Grains.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Simulation.Sends;

/// <summary>A process of the model. After its death nothing that it had begun goes on.</summary>
internal sealed class SendSilo
{
    public bool IsDead { get; set; }

    public Dictionary<string, SendActivation> Activations { get; } = [];

    public void ThrowIfDead()
    {
        if (IsDead)
        {
            throw new SiloDiedException();
        }
    }
}

/// <summary>The silo of a grain call is gone.</summary>
internal sealed class SiloDiedException : Exception;

/// <summary>What became of a send of the model.</summary>
internal enum SendEnd
{
    Waiting,
    Answered,
    Unknown,
    Absent,
}

/// <summary>The grain of one queue on one silo: what src/Grains does around the rules, in short.</summary>
internal sealed class SendActivation(string queue, SendSilo silo, Guid name, SendStore store, SendReceiver receiver, VirtualTime time, SendDefect defect)
{
    private List<StoredSend> _window = [];
    private readonly Dictionary<Ulid, SendBinding> _known = [];
    private long _lastSequence;
    private readonly HeadEnd _end = new();
    private Task? _delivering;

    public async Task<KeyedAccept> AcceptAsync(int keyNumber, SendKey key, Ulid callId)
    {
        if (_lastSequence == 0)
        {
            await ReadSequenceAsync();
        }

        if (defect == SendDefect.ForgetsKeys && _known.TryGetValue(key.Name, out var remembered))
        {
            return KeyedAccept.Repeat(remembered, key);
        }

        if (await AliveAsync(store.FindKeyAsync(key)) is { } known)
        {
            return KeyedAccept.Repeat(known, key);
        }

        var send = new StoredSend(++_lastSequence, callId, keyNumber);
        switch (await AliveAsync(store.AppendAsync(queue, send, key)))
        {
            case AppendResult.Appended:
                var bound = new SendBinding(callId, queue, key.Content);
                _known[key.Name] = bound;
                return new KeyedAccept.Bound(bound, IsNew: true);

            case AppendResult.Conflict:
                await ReadSequenceAsync();
                break;
        }

        return await AliveAsync(store.FindKeyAsync(key)) is { } other
            ? KeyedAccept.Repeat(other, key)
            : new KeyedAccept.Refused(new AcceptResult.Unavailable("not stored", TimeSpan.FromSeconds(1)));
    }

    public async Task<(SendEnd End, int Status)> LookAsync(Ulid callId)
    {
        for (var look = 0; look < 2; look++)
        {
            if (await AliveAsync(store.FindAnswerAsync(callId)) is { } status)
            {
                return (SendEnd.Answered, status);
            }

            if (await AliveAsync(store.HasLetterAsync(callId)))
            {
                return (SendEnd.Unknown, 0);
            }

            if ((await AliveAsync(store.ReadAsync(queue))).Rows.Any(row => row.CallId == callId))
            {
                return (SendEnd.Waiting, 0);
            }
        }

        return (SendEnd.Absent, 0);
    }

    /// <summary>Sends the head. Another activation may have delivered meanwhile: then the queue is read again.</summary>
    /// <param name="wasLast">Whether this activation reported the last delivery.</param>
    /// <param name="permitEnds">Nothing is sent from then on.</param>
    public async Task DeliverAsync(bool wasLast, TimeSpan permitEnds)
    {
        // A grain carries out one delivery at a time: what the owner has given up may still be under way here.
        while (_delivering is { } earlier)
        {
            await earlier;
        }

        var delivering = new TaskCompletionSource();
        _delivering = delivering.Task;
        try
        {
            await DeliverOneAsync(wasLast, permitEnds);
        }
        finally
        {
            _delivering = null;
            delivering.SetResult();
        }
    }

    private async Task DeliverOneAsync(bool wasLast, TimeSpan permitEnds)
    {
        if (_end.IsUnstored && !await StoreEndAsync())
        {
            return;
        }

        // What is in memory may be old: only the one that delivered last relies on it.
        if (!_end.IsUnstored && (!wasLast || _window.Count == 0))
        {
            _window = [.. (await AliveAsync(store.ReadAsync(queue))).Rows];
        }

        if (_window.FirstOrDefault() is not { } head)
        {
            return;
        }

        var hasBegun = head.Attempt is not null;
        switch (AtMostOnce.Next(hasBegun, hasBegun && await AliveAsync(store.FindAnswerAsync(head.CallId)) is not null))
        {
            case SendStep.Finish:
                await EndAsync(() => store.RemoveAsync(queue, head));
                return;

            case SendStep.MakeDeadLetter:
                await EndAsync(() => store.BuryAsync(queue, head));
                return;
        }

        if (defect != SendDefect.DoesNotMark && await AliveAsync(store.BeginAsync(queue, head, name)) is not WriteResult.Written)
        {
            _window.Clear();
            return;
        }

        head.Attempt = name;
        if (time.Now >= permitEnds)
        {
            head.Attempt = null;
            await AliveAsync(store.TakeBackAsync(queue, head, name));
            return;
        }

        var (status, failure) = await AliveAsync(receiver.SendAsync(head.Key));
        switch (status is { } answer ? OutcomeTable.JudgeSend(answer) : OutcomeTable.JudgeSend(failure!.Value))
        {
            case AttemptOutcome.Delivered or AttemptOutcome.Rejected or AttemptOutcome.Misconfigured:
                await EndAsync(() => store.EndAsync(queue, head, status!.Value));
                break;

            case AttemptOutcome.Unknown:
                await EndAsync(() => store.BuryAsync(queue, head));
                break;

            default:
                head.Attempt = null;
                await AliveAsync(store.TakeBackAsync(queue, head, name));
                break;
        }
    }

    private async Task EndAsync(Func<Task<WriteResult>> end)
    {
        _end.Decide(() => new ValueTask<WriteResult>(AliveAsync(end())));
        await StoreEndAsync();
    }

    private async Task<bool> StoreEndAsync() => await _end.StoreAsync(LeaveQueueAsync) is null;

    private ValueTask LeaveQueueAsync()
    {
        _window.RemoveAt(0);
        return ValueTask.CompletedTask;
    }

    private async Task ReadSequenceAsync() =>
        _lastSequence = Math.Max(_lastSequence, (await AliveAsync(store.ReadAsync(queue))).LastSequence);

    private async Task<T> AliveAsync<T>(Task<T> work)
    {
        var result = await work;
        silo.ThrowIfDead();
        return result;
    }
}
