using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Reads of refused calls.</summary>
internal sealed partial class ReaderSession
{
    private const string RefusedColumns = "refused_id, type, reason, problem, path, batch_index, message_id, persons, size";

    private Statement? _refusedPage;
    private Statement? _refused;
    private Statement? _refusedOf;
    private Statement? _oldestRefused;
    private Statement? _refusedTotal;

    public IReadOnlyList<RefusedCall> ReadRefused(string workspace, Ulid? before, int limit)
    {
        _refusedPage ??= Prepare($"select {RefusedColumns} from refused_calls where workspace = ? and refused_id < ? order by refused_id desc limit ?");
        List<RefusedCall> calls = [];
        _refusedPage.Bind(workspace).Bind(before ?? Ulid.MaxValue).Bind((long)limit);
        while (_refusedPage.Step())
        {
            calls.Add(Refused(_refusedPage));
        }

        return calls;
    }

    public RefusedCall? FindRefused(string workspace, Ulid id)
    {
        _refused ??= Prepare($"select {RefusedColumns}, body from refused_calls where workspace = ? and refused_id = ?");
        if (!_refused.Bind(workspace).Bind(id).Step())
        {
            return null;
        }

        var call = Refused(_refused) with { Body = _refused.Bytes(9) };
        _refused.Reset();
        return call;
    }

    public IReadOnlyList<Ulid> FindRefusedOf(string workspace, string person, int limit)
    {
        _refusedOf ??= Prepare("select refused_id from refused_calls where workspace = ? and instr(persons, ?) > 0 order by refused_id limit ?");
        List<Ulid> ids = [];
        _refusedOf.Bind(workspace).Bind(RefusedPersons.ToPattern(person)).Bind((long)limit);
        while (_refusedOf.Step())
        {
            ids.Add(_refusedOf.Ulid(0));
        }

        return ids;
    }

    public IReadOnlyList<RefusedSize> ReadOldestRefused(string workspace, Ulid? before, int limit)
    {
        _oldestRefused ??= Prepare("select refused_id, kept_bytes from refused_calls where workspace = ? and refused_id < ? order by refused_id limit ?");
        List<RefusedSize> calls = [];
        _oldestRefused.Bind(workspace).Bind(before ?? Ulid.MaxValue).Bind((long)limit);
        while (_oldestRefused.Step())
        {
            calls.Add(new RefusedSize(_oldestRefused.Ulid(0), _oldestRefused.Int32(1)));
        }

        return calls;
    }

    public RefusedTotal CountRefused(string workspace)
    {
        _refusedTotal ??= Prepare("select count(*), coalesce(sum(kept_bytes), 0) from refused_calls where workspace = ?");
        _refusedTotal.Bind(workspace).Step();
        var total = new RefusedTotal(_refusedTotal.Int64(0), _refusedTotal.Int64(1));
        _refusedTotal.Reset();
        return total;
    }

    private static RefusedCall Refused(Statement row) => new()
    {
        Id = row.Ulid(0),
        Type = row.TextOrNull(1),
        Reason = (CallDefect)row.Int32(2),
        Problem = row.Text(3),
        Path = row.Text(4),
        Index = row.IsNull(5) ? null : row.Int32(5),
        MessageId = row.TextOrNull(6),
        Persons = RefusedPersons.FromText(row.Text(7)),
        Size = row.Int32(8),
    };
}
