using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Simulation.Sends;

/// <summary>A stored send of the model.</summary>
internal sealed record StoredSend(long Sequence, Ulid CallId, int Key)
{
    public Guid? Attempt { get; set; }
}

/// <summary>
/// The store as all silos see it: a commit takes a while, and may be refused or lose its answer. What one commit changes is changed together.
/// </summary>
internal sealed class SendStore(EventQueue events, Random random, SendFaults faults, SendDefect defect)
{
    private static readonly TimeSpan _slowestCommit = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan _longestCommit = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, SortedDictionary<long, StoredSend>> _queues = [];
    private readonly Dictionary<string, long> _lastSequences = [];
    private readonly Dictionary<Ulid, SendBinding> _keys = [];
    private readonly Dictionary<Ulid, int> _answers = [];
    private readonly HashSet<Ulid> _letters = [];

    public int Waiting => _queues.Values.Sum(queue => queue.Count);

    public async Task<AppendResult> AppendAsync(string queue, StoredSend send, SendKey key)
    {
        AppendResult result = AppendResult.Conflict.Instance;
        var write = await WriteAsync(() =>
        {
            var isBound = _keys.ContainsKey(key.Name) && defect != SendDefect.LooksOnlyBefore;
            if (!isBound && send.Sequence > _lastSequences.GetValueOrDefault(queue))
            {
                _lastSequences[queue] = send.Sequence;
                QueueOf(queue).Add(send.Sequence, send);
                result = AppendResult.Appended.Instance;
                if (defect is not (SendDefect.ForgetsKeys or SendDefect.BindsInASecondCommit))
                {
                    _keys[key.Name] = new SendBinding(send.CallId, queue, key.Content);
                }
            }
        });
        if (write is WriteResult.Unavailable(var reason))
        {
            return new AppendResult.Unavailable(reason) { MayBeStored = true };
        }

        if (defect == SendDefect.BindsInASecondCommit && result is AppendResult.Appended)
        {
            await WriteAsync(() => _keys[key.Name] = new SendBinding(send.CallId, queue, key.Content));
        }

        return result;
    }

    public async Task<WriteResult> BeginAsync(string queue, StoredSend send, Guid attempt)
    {
        var hasBegun = false;
        var write = await WriteAsync(() =>
        {
            if (Find(queue, send) is { } row && (row.Attempt is null || row.Attempt == attempt || defect == SendDefect.MarksWithoutName))
            {
                row.Attempt = attempt;
                hasBegun = true;
            }
        });
        return write is WriteResult.Written && !hasBegun ? WriteResult.Refused.Instance : write;
    }

    public Task<WriteResult> TakeBackAsync(string queue, StoredSend send, Guid attempt) => WriteAsync(() =>
    {
        if (Find(queue, send) is { } row && (row.Attempt == attempt || defect == SendDefect.MarksWithoutName))
        {
            row.Attempt = null;
        }
    });

    public async Task<WriteResult> EndAsync(string queue, StoredSend send, int status)
    {
        if (defect == SendDefect.AnswersApart)
        {
            return await WriteAsync(() => _answers.TryAdd(send.CallId, status)) is WriteResult.Unavailable refused ? refused : await RemoveAsync(queue, send);
        }

        return await WriteAsync(() =>
        {
            if (Remove(queue, send))
            {
                _answers.Add(send.CallId, status);
            }
        });
    }

    public Task<WriteResult> RemoveAsync(string queue, StoredSend send) => WriteAsync(() => Remove(queue, send));

    public Task<WriteResult> BuryAsync(string queue, StoredSend send) => WriteAsync(() =>
    {
        if (Remove(queue, send))
        {
            _letters.Add(send.CallId);
        }
    });

    public async Task<SendBinding?> FindKeyAsync(SendKey key)
    {
        await PauseAsync();
        return _keys.TryGetValue(key.Name, out var binding) ? binding : null;
    }

    public async Task<int?> FindAnswerAsync(Ulid callId)
    {
        await PauseAsync();
        return _answers.TryGetValue(callId, out var status) ? status : null;
    }

    public async Task<bool> HasLetterAsync(Ulid callId)
    {
        await PauseAsync();
        return _letters.Contains(callId);
    }

    public async Task<(IReadOnlyList<StoredSend> Rows, long LastSequence)> ReadAsync(string queue)
    {
        await PauseAsync();
        return ([.. QueueOf(queue).Values.Select(row => row with { })], _lastSequences.GetValueOrDefault(queue));
    }

    private StoredSend? Find(string queue, StoredSend send) =>
        QueueOf(queue).TryGetValue(send.Sequence, out var row) && row.CallId == send.CallId ? row : null;

    private bool Remove(string queue, StoredSend send) => Find(queue, send) is not null && QueueOf(queue).Remove(send.Sequence);

    private SortedDictionary<long, StoredSend> QueueOf(string queue) => _queues.TryGetValue(queue, out var rows) ? rows : _queues[queue] = [];

    private async Task<WriteResult> WriteAsync(Action change)
    {
        await (random.Happens(faults.CommitSlow) ? events.PauseAsync(random.UpTo(_longestCommit)) : PauseAsync());
        if (random.Happens(faults.CommitRefused))
        {
            return new WriteResult.Unavailable("refused");
        }

        change();
        await (random.Happens(faults.CommitSlow) ? events.PauseAsync(random.UpTo(_longestCommit)) : PauseAsync());
        return random.Happens(faults.CommitAnswerLost) ? new WriteResult.Unavailable("the answer was lost") : WriteResult.Written.Instance;
    }

    private Task PauseAsync() => events.PauseAsync(random.UpTo(_slowestCommit));
}
