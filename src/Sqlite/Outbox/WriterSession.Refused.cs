using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>Writes of refused calls.</summary>
internal sealed partial class WriterSession
{
    private Statement? _keepRefused;
    private Statement? _deleteRefused;

    public void KeepRefused(string workspace, IReadOnlyList<RefusedCall> calls)
    {
        _keepRefused ??= Prepare(
            """
            insert into refused_calls (workspace, refused_id, kept_bytes, type, reason, problem, path, batch_index, message_id, persons, size, body)
            select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
            where not exists (select 1 from refused_calls where workspace = ?1 and refused_id = ?2)
            """);
        foreach (var call in calls)
        {
            _keepRefused.Bind(workspace).Bind(call.Id).Bind((long)call.Body.Length)
                .Bind(call.Type).Bind((long)call.Reason).Bind(call.Problem).Bind(call.Path).Bind((long?)call.Index).Bind(call.MessageId)
                .Bind(RefusedPersons.ToText(call.Persons)).Bind((long)call.Size).Bind(call.Body).Execute();
        }
    }

    /// <returns>How many calls were deleted.</returns>
    public int DeleteRefused(string workspace, IReadOnlyList<Ulid> ids)
    {
        _deleteRefused ??= Prepare("delete from refused_calls where workspace = ? and refused_id = ?");
        return ids.Sum(id => _deleteRefused.Bind(workspace).Bind(id).Execute());
    }
}
