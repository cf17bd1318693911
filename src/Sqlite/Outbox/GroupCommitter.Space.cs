using CioOrleans.Sqlite.Outbox.Writes;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Room for new calls, and what the writer does between two groups.</summary>
internal sealed partial class GroupCommitter
{
    private bool HasRoomForCalls(List<PendingWrite> writes, int start, int end)
    {
        long bytes = 0;
        for (var i = start; i < end; i++)
        {
            bytes += writes[i].MayBeShed ? writes[i].Size : 0;
        }

        if (bytes == 0)
        {
            return true;
        }

        var hasRoom = HasRoomFor(bytes);
        if (hasRoom == _hasNoRoom)
        {
            _hasNoRoom = !hasRoom;
            if (hasRoom)
            {
                Log.RoomAgain(_logger);
            }
            else
            {
                Log.NoRoom(_logger);
            }
        }

        return hasRoom;
    }

    private bool HasRoomFor(long bytes)
    {
        try
        {
            var session = Session();
            if (_room.MayAppend(bytes, _checkpointer.LogPages, session))
            {
                return true;
            }

            if (_checkpointer.LogPages * session.PageSize <= _room.LogBytes / 8)
            {
                return false;
            }

            _checkpointer.Copy(session);
            return _room.MayAppend(bytes, _checkpointer.LogPages, session);
        }
#pragma warning disable CA1031 // The commit that follows finds the same, and tells the waiters.
        catch (Exception)
#pragma warning restore CA1031
        {
            return true;
        }
    }

    /// <summary>Maintains the file in a transaction of its own, so that maintenance cannot fail a group. No write waits for it.</summary>
    private void Tidy()
    {
        if (_session is null)
        {
            return;
        }

        try
        {
            _session.FoldRecent();
            _checkpointer.AfterCommit(_session);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (Fail(e).IsDiskFull)
            {
                _room.GiveUp();
            }
        }
    }

    /// <summary>While no write waits: gives free pages back to the disk, a few at a time.</summary>
    /// <returns>The time until the next step; infinite if there is nothing to give back.</returns>
    private TimeSpan GiveSpaceBack()
    {
        // On a full disk the pages are kept as room for the next calls.
        if (_session is not { GivesSpaceBack: true } session || _hasNoRoom)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var since = _time.GetElapsedTime(_gaveBackAt);
        if (since < _giveBackEvery)
        {
            return _giveBackEvery - since;
        }

        _gaveBackAt = _time.GetTimestamp();
        try
        {
            // A tenth of the pages stays for future calls.
            if (session.FreePages < Math.Max(FewestFreePages, session.PageCount / 10) + PagesGivenBack)
            {
                if (_isGivingBack)
                {
                    // The file gets shorter when the log is copied into it.
                    _isGivingBack = false;
                    _checkpointer.Copy(session);
                }

                return Timeout.InfiniteTimeSpan;
            }

            _isGivingBack = true;
            session.GiveSpaceBack(PagesGivenBack);
            _checkpointer.AfterCommit(session);
            return _giveBackEvery;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
            return Timeout.InfiniteTimeSpan;
        }
    }
}
