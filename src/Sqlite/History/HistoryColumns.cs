using CioOrleans.Calls;
using CioOrleans.History;
using CioOrleans.Limits;
using CioOrleans.Sqlite.Outbox;

namespace CioOrleans.Sqlite.History;

/// <summary>The columns of the table of the history.</summary>
internal static class HistoryColumns
{
    public const string Names =
        "id, workspace_id, customer_id, seq, limit_class, result, lasted, \"precision\", epoch, permit, attempt, status, kind, silo_id, accepted_at, event_key, call_id, import_id, reason, trace_id";

    /// <summary>The place of each column in <see cref="Names"/>.</summary>
    public const int Id = 0, Workspace = 1, Customer = 2, Sequence = 3, Class = 4, Result = 5, Lasted = 6, Precision = 7, Epoch = 8, Permit = 9, Attempt = 10,
        Status = 11, Kind = 12, Silo = 13, AcceptedAt = 14, EventKey = 15, CallId = 16, Import = 17, Reason = 18, Trace = 19;

    public static Statement BindBlob(this Statement statement, byte[]? bytes) => bytes is null ? statement.Bind((string?)null) : statement.Bind(bytes);

    public static Statement BindId(this Statement statement, Ulid? id) => id is { } value ? statement.Bind(value) : statement.Bind((string?)null);

    /// <summary>Reads a row that was selected with <see cref="Names"/>.</summary>
    public static HistoryRow ReadRow(this Statement rows, string workspace, Func<long, string?> customer, Func<long, string> silo)
    {
        var ended = HistoryId.TimeOf(rows.Int64(Id));
        return new HistoryRow
        {
            Id = rows.Int64(Id),
            Workspace = workspace,
            Customer = customer(rows.Int64(Customer)),
            Sequence = rows.Int64(Sequence),
            LimitClass = (LimitClass)rows.Int32(Class),
            Result = (HistoryResult)rows.Int32(Result),
            Ended = ended,
            Sent = rows.IsNull(Lasted) ? null : ended - rows.Int64(Lasted),
            Precision = rows.Int64(Precision),
            Epoch = rows.Int64(Epoch),
            Permit = rows.Int64(Permit),
            Attempt = rows.Int32(Attempt),
            Status = rows.Int32(Status),
            Kind = KindOf(rows),
            Silo = silo(rows.Int64(Silo)),
            AcceptedAt = rows.Int64(AcceptedAt),
            EventKey = rows.IsNull(EventKey) ? null : rows.Int64(EventKey),
            CallId = IdOf(rows, CallId),
            Import = IdOf(rows, Import),
            Reason = rows.TextOrNull(Reason),
            TraceId = IdOf(rows, Trace) is { } trace ? Convert.ToHexStringLower(trace.ToByteArray()) : null,
        };
    }

    public static CallKind? KindOf(Statement rows) => rows.IsNull(Kind) ? null : (CallKind)rows.Int32(Kind);

    public static Ulid? IdOf(Statement rows, int column) => rows.IsNull(column) ? null : rows.Ulid(column);
}
