using CioOrleans.Calls;
using CioOrleans.Limits;
using Npgsql;

namespace CioOrleans.Postgres.Outbox;

/// <summary>The columns of a <see cref="Call"/>, which the tables of calls and of dead letters share.</summary>
internal static class CallColumns
{
    public const string Names = "call_id, kind, limit_class, priority, accepted_at, method, target, headers, other_customer, body";

    /// <summary>Reads the columns of <see cref="Names"/>; <paramref name="column"/> is the index of the first.</summary>
    public static Call ReadCall(this NpgsqlDataReader row, int column)
    {
        var (headers, notes) = StoredHeaders.Read(row.GetString(column + 7).FromStored());
        return new Call
        {
            Id = row.GetGuid(column).ToUlid(),
            Kind = (CallKind)row.GetInt16(column + 1),
            LimitClass = (LimitClass)row.GetInt16(column + 2),
            Priority = (CallPriority)row.GetInt16(column + 3),
            AcceptedAt = row.GetInt64(column + 4).ToTime(),
            Method = row.GetString(column + 5),
            Target = row.GetString(column + 6).FromStored(),
            Headers = headers,
            Notes = notes,
            OtherCustomer = row.IsDBNull(column + 8) ? null : row.GetString(column + 8).FromStored(),
            Body = row.GetFieldValue<byte[]>(column + 9),
        };
    }

    /// <summary>The approximate size of a call, in bytes.</summary>
    public static int SizeOf(Call call) => 128 + call.Target.Length + call.Headers.Size + call.Body.Length;

    /// <summary>The bytes of a ULID in their order, so that the database sorts ids as ULIDs.</summary>
    public static Guid ToStored(this Ulid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public static Ulid ToUlid(this Guid stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        stored.TryWriteBytes(bytes, bigEndian: true, out _);
        return new Ulid(bytes);
    }

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column).ToTime();

    public static DateTimeOffset ToTime(this long ticks) => new(ticks, TimeSpan.Zero);
}
