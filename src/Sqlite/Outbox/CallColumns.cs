using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>The columns of a <see cref="Call"/>, which the tables of calls and of dead letters share.</summary>
internal static class CallColumns
{
    public const string Names = "call_id, kind, limit_class, priority, accepted_at, method, target, headers, other_customer, body";

    public static Statement BindCall(this Statement statement, Call call) => statement
        .Bind(call.Id)
        .Bind((long)call.Kind)
        .Bind((long)call.LimitClass)
        .Bind((long)call.Priority)
        .Bind(call.AcceptedAt)
        .Bind(call.Method)
        .Bind(call.Target)
        .Bind(StoredHeaders.Write(call))
        .Bind(call.OtherCustomer)
        .Bind(call.Body);

    /// <summary>Reads the columns of <see cref="Names"/>; <paramref name="column"/> is the index of the first.</summary>
    public static Call ReadCall(this Statement statement, int column)
    {
        var (headers, notes) = StoredHeaders.Read(statement.Text(column + 7));
        return new Call
        {
            Id = statement.Ulid(column),
            Kind = (CallKind)statement.Int32(column + 1),
            LimitClass = (LimitClass)statement.Int32(column + 2),
            Priority = (CallPriority)statement.Int32(column + 3),
            AcceptedAt = statement.Time(column + 4),
            Method = statement.Text(column + 5),
            Target = statement.Text(column + 6),
            Headers = headers,
            Notes = notes,
            OtherCustomer = statement.TextOrNull(column + 8),
            Body = statement.Bytes(column + 9),
        };
    }

    /// <summary>The approximate size of a call, in bytes.</summary>
    public static int SizeOf(Call call) => 128 + call.Target.Length + call.Headers.Size + call.Body.Length;
}
