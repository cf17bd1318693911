using System.Text;
using SQLitePCL;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// A prepared statement on SQLite's own interface; ADO.NET costs several times the CPU per row. Parameters are bound in
/// order, columns are read by number. A statement that has returned its last row resets itself.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _text = new byte[512];
    private int _parameter;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_parameter, value));
        return this;
    }

    public Statement Bind(long? value)
    {
        if (value is { } number)
        {
            return Bind(number);
        }

        Check(raw.sqlite3_bind_null(_statement, ++_parameter));
        return this;
    }

    public Statement Bind(string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_statement, ++_parameter));
            return this;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        var length = Encoding.UTF8.GetBytes(value, _text);
        Check(raw.sqlite3_bind_text(_statement, ++_parameter, _text.AsSpan(0, length)));
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, ++_parameter, value));
        return this;
    }

    /// <summary>A ULID is stored as its 16 bytes, whose order is the order of time.</summary>
    public Statement Bind(Ulid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        return Bind(bytes);
    }

    public Statement Bind(Guid? value) => value is { } guid ? Bind(guid.ToByteArray()) : Bind((string?)null);

    public Statement Bind(DateTimeOffset value) => Bind(value.UtcTicks);

    public Statement Bind(DateTimeOffset? value) => Bind(value?.UtcTicks);

    /// <summary>Whether there is a row to read.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }

        var failure = new SqliteFailure(raw.sqlite3_extended_errcode(_database), raw.sqlite3_errmsg(_database).utf8_to_string());
        Reset();
        throw failure;
    }

    /// <summary>Executes a statement that returns no rows.</summary>
    /// <returns>The number of changed rows.</returns>
    public int Execute()
    {
        Step();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>The first number of the first row; null if there is no row.</summary>
    public long? Number()
    {
        if (!Step())
        {
            return null;
        }

        var number = Int64(0);
        Reset();
        return number;
    }

    /// <summary>As <see cref="Number"/>, for a statement that may insert: it is stepped to its end, because only then an insert is counted.</summary>
    public long? InsertedNumber()
    {
        long? number = null;
        while (Step())
        {
            number ??= Int64(0);
        }

        return number;
    }

    /// <summary>Must be called if the last row was not read, because an open statement holds its snapshot.</summary>
    public void Reset()
    {
        _parameter = 0;
        _ = raw.sqlite3_reset(_statement);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int32(int column) => raw.sqlite3_column_int(_statement, column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    // Read as a blob, because sqlite3_column_text would end at the first NUL.
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public Ulid Ulid(int column) => new(raw.sqlite3_column_blob(_statement, column));

    public Guid? GuidOrNull(int column) => IsNull(column) ? null : new Guid(raw.sqlite3_column_blob(_statement, column));

    public DateTimeOffset Time(int column) => new(Int64(column), TimeSpan.Zero);

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFailure(code, raw.sqlite3_errmsg(_database).utf8_to_string());
        }
    }
}
