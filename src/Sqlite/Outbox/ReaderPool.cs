using System.Collections.Concurrent;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>A pool of readers. There is one for each concurrent read; a few are kept.</summary>
internal sealed class ReaderPool(Func<ReaderSession> open) : IDisposable
{
    private const int MaxIdle = 8;

    private readonly ConcurrentStack<ReaderSession> _idle = new();
    private bool _closed;

    public T Read<T>(Func<ReaderSession, T> read)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed), this);
        if (!_idle.TryPop(out var session))
        {
            session = open();
        }

        T result;
        try
        {
            result = read(session);
        }
        catch
        {
            // The session may hold a snapshot or a half-read statement. Closing it ends both.
            session.Dispose();
            throw;
        }

        Return(session);
        return result;
    }

    public void Dispose()
    {
        Volatile.Write(ref _closed, true);
        while (_idle.TryPop(out var session))
        {
            session.Dispose();
        }
    }

    private void Return(ReaderSession session)
    {
        if (_idle.Count >= MaxIdle)
        {
            session.Dispose();
            return;
        }

        _idle.Push(session);

        // The pool may have been closed between the check and the push.
        if (Volatile.Read(ref _closed))
        {
            Dispose();
        }
    }
}
