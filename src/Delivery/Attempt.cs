using System.Net.Sockets;
using CioOrleans.Attempts;

namespace CioOrleans.Delivery;

/// <summary>
/// One HTTP request under a permit, for all kinds of requests to Customer.io. It checks the permit before the first byte is written, knows whether the request
/// may have been sent, lets it be written on one connection only, and resets that connection unless the request was answered.
/// </summary>
public sealed class Attempt : IAsyncDisposable
{
    private static readonly AsyncLocal<Attempt?> _current = new();

    private readonly IPermitClock _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _mustBeWrittenBy;
    private readonly CancellationTokenSource _deadline;
    private AttemptStream? _connection;
    private long _resetAt;

    /// <summary>Begins an attempt now.</summary>
    /// <param name="permit">The permit of the request.</param>
    /// <param name="clock">The clock of the permit.</param>
    /// <param name="time">The monotonic clock.</param>
    /// <param name="timeout">A shorter time-out than the permit's; null for the permit's.</param>
    public Attempt(Permit permit, IPermitClock clock, TimeProvider time, TimeSpan? timeout = null)
    {
        _clock = clock;
        _time = time;
        Timeout = timeout is { } shorter && shorter < permit.AttemptTimeout ? shorter : permit.AttemptTimeout;
        var now = clock.Now;
        MayBegin = now < permit.ExpiresAt;

        // A permit says until when an attempt may begin. The time-out starts with the attempt and includes opening the connection; both fit into the lease.
        _mustBeWrittenBy = now + Timeout;
        _deadline = new CancellationTokenSource(MayBegin ? Timeout : TimeSpan.Zero, time);
    }

    /// <summary>The time until the end of the attempt that is writing now; null if none is.</summary>
    internal static TimeSpan? CurrentTimeLeft => _current.Value is { } attempt ? attempt._mustBeWrittenBy - attempt._clock.Now : null;

    /// <summary>False if the permit had ended before.</summary>
    public bool MayBegin { get; }

    /// <summary>The time-out of the attempt.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Whether bytes of the request may have been sent.</summary>
    public bool IsWritten => _connection is not null;

    /// <summary>The monotonic timestamp at which the first byte was written; zero if none was.</summary>
    public long WrittenAt { get; private set; }

    /// <summary>Whether a response came. Then the request has arrived, and cannot arrive again.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Whether the time-out has passed.</summary>
    public bool IsTimedOut => _deadline.IsCancellationRequested;

    /// <summary>Sends the request. Bytes that <paramref name="send"/> writes to Customer.io belong to this attempt.</summary>
    /// <param name="send">Sends the request; its token ends with the attempt's time-out.</param>
    /// <param name="cancellation">Ends the attempt earlier.</param>
    public async Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellation = default)
    {
        if (!MayBegin)
        {
            throw new PermitExpiredException();
        }

        _current.Value = this;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancellation);
        return await send(linked.Token).ConfigureAwait(false);
    }

    /// <summary>The response's headers have arrived.</summary>
    public void OnAnswered() => IsAnswered = true;

    /// <summary>Ends the time-out, so that the rest of the response may take any time.</summary>
    public void LiftDeadline() => _deadline.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);

    /// <summary>The result of an attempt that threw an exception.</summary>
    public AttemptResult ResultOf(Exception exception)
    {
        Reset();
        var now = _time.GetTimestamp();
        if (IsPermitExpired(exception))
        {
            return new AttemptResult.PermitExpired { EndedAt = now };
        }

        var (kind, reason) = (IsWritten, exception) switch
        {
            (false, OperationCanceledException) => (FailureKind.Unreachable, "no connection in time"),
            (false, _) => (FailureKind.Unreachable, Describe(exception)),
            (true, OperationCanceledException) => (FailureKind.TimedOut, $"no response within {Timeout.TotalSeconds:0.###} s"),
            (true, _) => (FailureKind.ConnectionLost, Describe(exception)),
        };
        return new AttemptResult.NoResponse(kind, reason) { EndedAt = now, Hung = exception is OperationCanceledException };
    }

    /// <summary>Ends the attempt: resets the connection, unless the request was answered or never written. The request may still arrive for a packet life.</summary>
    public void GiveUp()
    {
        Reset();
        _deadline.Dispose();
    }

    /// <summary>Ends the attempt, and returns once its request has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        GiveUp();
        if (_resetAt != 0 && RequestEnd.PacketLife - _time.GetElapsedTime(_resetAt) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, _time).ConfigureAwait(false);
        }
    }

    /// <summary>Called before bytes of a request are written to a connection. Throws if they must not be written.</summary>
    internal static void OnWriting(AttemptStream connection) =>
        (_current.Value ?? throw new InvalidOperationException("A request to Customer.io needs a permit.")).CheckWrite(connection);

    private void Reset()
    {
        if (IsWritten && !IsAnswered && _resetAt == 0)
        {
            _connection!.Dispose();
            _resetAt = _time.GetTimestamp();
        }
    }

    private void CheckWrite(AttemptStream connection)
    {
        if (ReferenceEquals(_connection, connection))
        {
            // A process that was frozen between two writes of one request must not complete it afterwards.
            if (!IsAnswered && _clock.Now >= _mustBeWrittenBy)
            {
                throw new IOException("The attempt's time had passed before its request was written to the end.");
            }

            return;
        }

        // The HTTP stack repeats some requests by itself when a pooled connection breaks. One permit allows one arrival, so a repeat is refused.
        if (IsWritten)
        {
            throw new IOException("The connection was lost after the request had been written.");
        }

        if (_clock.Now >= _mustBeWrittenBy)
        {
            throw new PermitExpiredException();
        }

        WrittenAt = _time.GetTimestamp();
        _connection = connection;
    }

    private static bool IsPermitExpired(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is PermitExpiredException)
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(Exception exception) => exception.InnerException switch
    {
        SocketException socket => $"{exception.Message} ({socket.SocketErrorCode})",
        { } inner => $"{exception.Message} ({inner.Message})",
        null => exception.Message,
    };
}

/// <summary>Aborts a request inside the HTTP stack; see <see cref="Attempt.ResultOf"/>.</summary>
internal sealed class PermitExpiredException() : Exception("The permit has ended.");
