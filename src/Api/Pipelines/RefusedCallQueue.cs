using System.Threading.Channels;
using CioOrleans.Configuration;
using CioOrleans.Refusing;

namespace CioOrleans.Api.Pipelines;

/// <summary>
/// Refused calls that wait for <see cref="RefusedCallWriter"/>. Each workspace has a bounded queue of its own. A call that finds it full is counted and not
/// copied, so that a flood of refused calls costs next to nothing.
/// </summary>
internal sealed class RefusedCallQueue(RefusedCallSettings settings, TimeProvider time)
{
    /// <summary>The maximum number of calls of a workspace that wait.</summary>
    public const int MaxCalls = 256;

    /// <summary>The size in bytes from which on a workspace's queue is full.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxType = 100;
    private const int MaxMessageId = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private readonly Channel<bool> _arrived = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _lost;

    /// <summary>Takes the calls of a request that the settings and the room allow. Never waits.</summary>
    public void Offer(string workspace, string path, IReadOnlyList<InvalidCall> calls)
    {
        if (!settings.IsOn)
        {
            return;
        }

        foreach (var call in calls)
        {
            // The room is taken first, so that nothing is copied without room.
            if (!TryReserve(workspace, Math.Min(call.Body.Length, RefusedCall.MaxBodyBytes)))
            {
                Interlocked.Increment(ref _lost);
                continue;
            }

            var refused = Read(path, call);
            lock (_gate)
            {
                _waiting[workspace].Calls.Add(refused);
            }
        }

        _arrived.Writer.TryWrite(true);
    }

    /// <summary>Completes when calls have arrived since the last time.</summary>
    public async Task WaitAsync(CancellationToken cancellation) => await _arrived.Reader.ReadAsync(cancellation);

    /// <summary>Takes the calls that wait, by workspace.</summary>
    /// <param name="isLeft">The workspaces whose calls stay.</param>
    public IReadOnlyList<(string Workspace, IReadOnlyList<RefusedCall> Calls)> TakeAll(Predicate<string> isLeft)
    {
        lock (_gate)
        {
            var taken = new List<(string, IReadOnlyList<RefusedCall>)>();
            foreach (var (workspace, waiting) in _waiting)
            {
                if (waiting.Calls.Count > 0 && !isLeft(workspace))
                {
                    taken.Add((workspace, waiting.Calls));
                    waiting.Take();
                }
            }

            return taken;
        }
    }

    /// <summary>Counts calls that were taken and could not be stored.</summary>
    public void Lose(int calls) => Interlocked.Add(ref _lost, calls);

    /// <summary>How many calls were not kept since the last time.</summary>
    public long TakeLost() => Interlocked.Exchange(ref _lost, 0);

    private bool TryReserve(string workspace, int bytes)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(workspace, out var waiting))
            {
                _waiting.Add(workspace, waiting = new Waiting());
            }

            return waiting.TryReserve(bytes);
        }
    }

    private RefusedCall Read(string path, InvalidCall call)
    {
        var refused = new RefusedCall
        {
            Id = Ulid.NewUlid(time.GetUtcNow()),
            Reason = call.Reason,
            Problem = call.Problem,
            Path = path,
            Index = call.Index,
            Size = call.Body.Length,
            Body = call.Body[..Math.Min(call.Body.Length, RefusedCall.MaxBodyBytes)].ToArray(),
        };
        return CallNames.Read(call.Body.Span) is { } names
            ? refused with { Type = Shortened(names.Type, MaxType), MessageId = Shortened(names.MessageId, MaxMessageId), Persons = names.Persons }
            : refused;
    }

    private static string? Shortened(string? text, int length) =>
        text is null || text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>One workspace's queue.</summary>
    private sealed class Waiting
    {
        private int _count;
        private int _bytes;

        public List<RefusedCall> Calls { get; private set; } = [];

        public bool TryReserve(int bytes)
        {
            if (_count == MaxCalls || _bytes >= MaxBytes)
            {
                return false;
            }

            _count++;
            _bytes += bytes;
            return true;
        }

        /// <summary>Empties the queue, except for the room of calls that are being copied.</summary>
        public void Take()
        {
            _count -= Calls.Count;
            _bytes -= Calls.Sum(call => call.Body.Length);
            Calls = [];
        }
    }
}
