using CioOrleans.Auditing;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Writes that are not part of an accept or a delivery: dead letters, imports, pauses, secrets, leases and the audit trail.</summary>
internal sealed partial class WriterSession
{
    private Statement? _findHeld;
    private Statement? _causeless;
    private Statement? _storeReplay;
    private Statement? _storeCause;

    /// <summary>Deletes a dead letter. False if there is none with this id.</summary>
    public bool Discard(string workspace, Ulid id, DateTimeOffset now)
    {
        _endSendKey.Bind(now).Bind(Workspace(workspace)).Bind(id).Execute();
        return _exhume.Bind(Workspace(workspace)).Bind(id).Execute() > 0;
    }

    /// <summary>The customer whose queue a dead letter holds; null if it holds none.</summary>
    public HeldCustomer? FindHeld(string workspace, Ulid id)
    {
        _findHeld ??= Prepare($"select customer, {ReaderSession.HeldColumns} from dead_letters where workspace_id = ? and call_id = ? and held_seq is not null");
        if (!_findHeld.Bind(Workspace(workspace)).Bind(id).Step())
        {
            return null;
        }

        var held = new HeldCustomer(_findHeld.Text(0), ReaderSession.Held(_findHeld, 1));
        _findHeld.Reset();
        return held;
    }

    /// <summary>Deletes a dead letter that is replayed, and its stored answer. False if there is none with this id.</summary>
    public bool Exhume(string workspace, Ulid id)
    {
        if (_exhume.Bind(Workspace(workspace)).Bind(id).Execute() == 0)
        {
            return false;
        }

        _forgetSendResult.Bind(Workspace(workspace)).Bind(id).Execute();
        _reopenSendKey.Bind(Workspace(workspace)).Bind(id).Execute();
        return true;
    }

    /// <summary>Stores the causes of dead letters that an earlier version has stored without.</summary>
    /// <returns>How many got their cause.</returns>
    public int StoreCauses(string workspace, int limit)
    {
        List<(long Position, FailureCause Cause)> found = [];
        _causeless ??= Prepare("select position, reason from dead_letters where workspace_id = ? and cause is null limit ?");
        _causeless.Bind(Workspace(workspace)).Bind((long)limit);
        while (_causeless.Step())
        {
            found.Add((_causeless.Int64(0), FailureCause.Of(_causeless.Text(1))));
        }

        _storeCause ??= Prepare("update dead_letters set status = ?, cause = ? where position = ?");
        foreach (var (position, cause) in found)
        {
            _storeCause.Bind((long)cause.Status).Bind(cause.Key).Bind(position).Execute();
        }

        return found.Count;
    }

    public void StoreReplay(string workspace, string state)
    {
        _storeReplay ??= Prepare("update workspaces set history_replay = ? where id = ?");
        _storeReplay.Bind(state).Bind(Workspace(workspace)).Execute();
    }

    public void Pause(string workspace, string? reason) => _pause.Bind(reason).Bind(Workspace(workspace)).Execute();

    public void StoreImport(string workspace, Ulid import, string state, DateTimeOffset forgetBefore)
    {
        var workspaceId = Workspace(workspace);
        _forgetImports.Bind(workspaceId).Bind(forgetBefore.FirstUlid()).Bind(import).Execute();
        _storeImport.Bind(workspaceId).Bind(import).Bind(state).Execute();
    }

    public void AddSecret(string name, byte[] value) => _addSecret.Bind(name).Bind(value).Execute();

    /// <summary>Deletes old answers and keys; true if either limit was reached.</summary>
    public bool ForgetSends(string workspace, DateTimeOffset before, int limit)
    {
        var workspaceId = Workspace(workspace);
        var results = _forgetSendResults.Bind(workspaceId).Bind(before).Bind((long)limit).Execute();
        var keys = _forgetSendKeys.Bind(workspaceId).Bind(before).Bind((long)limit).Execute();
        return Math.Max(results, keys) == limit;
    }

    public void StoreAudit(AuditEntry entry, DateTimeOffset forgetBefore)
    {
        _forgetAudit.Bind(IAuditStore.FirstAt(forgetBefore)).Execute();
        _storeAudit.Bind(entry.Id).Bind(entry.Caller).Bind(entry.Action).Bind(entry.Selection).Bind((long?)entry.Status).Execute();
    }

    /// <summary>Takes the next epoch of a workspace's lease.</summary>
    /// <returns>The epoch, and whether the lease before it was given back (or there was none).</returns>
    public (long Epoch, bool WasReleased) TakeLease(string workspace)
    {
        var id = Workspace(workspace);
        _readLease.Bind(id).Step();
        var (epoch, released) = (_readLease.Int64(0) + 1, _readLease.Int64(1) != 0);
        _readLease.Reset();
        _takeLease.Bind(epoch).Bind(id).Execute();
        return (epoch, released);
    }

    public void ReleaseLease(string workspace, long epoch) => _releaseLease.Bind(Workspace(workspace)).Bind(epoch).Execute();
}
