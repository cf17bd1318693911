using System.Collections.Concurrent;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>Readers to lend out. There are as many as reads at once; a few are kept.</summary>
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
            // It may stand within a snapshot or a half-read statement: closing it ends both.
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

        // The pool may have been closed between the question and the push.
        if (Volatile.Read(ref _closed))
        {
            Dispose();
        }
    }
}
