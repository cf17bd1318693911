using Microsoft.Extensions.Logging;

namespace CioOrleans.Sqlite.Outbox;

/// <summary>
/// Keeps room on the disk for writes that must always be stored: ends, leases, pauses, operators' changes. New calls are refused before that room is used. A
/// reserve protects against other programs that fill the disk: a file that is deleted when a write finds no room, and created again when there is room. While
/// the reserve is missing no new call is accepted. Used only by the writer's thread, except for <see cref="GiveUp"/>.
/// </summary>
internal sealed class DiskRoom
{
    /// <summary>The size of a log frame's header, in bytes.</summary>
    public const int FrameHeader = 24;

    /// <summary>Pages that a group changes besides those that it fills: inner pages of the tree, the list of free pages, counters.</summary>
    private const int PagesOfGroup = 32;

    /// <summary>The size of a row in the table of queues, in bytes. Rows of the index in memory will be moved there.</summary>
    private const int BytesOfQueuedRow = 64;

    private static readonly TimeSpan _takeBackEvery = TimeSpan.FromMilliseconds(500);

    private readonly string _databasePath;
    private readonly string _reservePath;
    private readonly DriveInfo _drive;
    private readonly long _reserveBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private bool _hasReserve;
    private long _lookedAt;
    private long _free;

    /// <param name="databasePath">The database's file.</param>
    /// <param name="reserveBytes">The length of the reserve, in bytes; 0 for none, null for a length that suits the disk.</param>
    /// <param name="time">Measures the pauses between attempts to create the reserve again.</param>
    /// <param name="logger">Logs when the reserve is deleted and when it exists again.</param>
    public DiskRoom(string databasePath, long? reserveBytes, TimeProvider time, ILogger logger)
    {
        _databasePath = databasePath;
        _reservePath = databasePath + "-reserve";
        _drive = new DriveInfo(Path.GetDirectoryName(databasePath)!);
        _time = time;
        _logger = logger;
        LogBytes = Math.Clamp(_drive.TotalSize / 16, 256 << 10, 16 << 20);
        _reserveBytes = reserveBytes ?? 3 * LogBytes;
        Measure();
    }

    /// <summary>The length of the log from which it is copied into the database, in bytes: 16 MiB, or a sixteenth of a small disk.</summary>
    public long LogBytes { get; }

    /// <summary>Whether so little is free that the room for every group is checked, and the log is kept short at any cost.</summary>
    public bool IsTight { get; private set; }

    /// <summary>Measures the free space.</summary>
    public void Measure()
    {
        _free = _drive.AvailableFreeSpace;
        IsTight = !_hasReserve || _free < 16 * LogBytes;
    }

    /// <summary>Whether new calls of that size may be stored now.</summary>
    /// <param name="bytes">The size of the calls, in bytes.</param>
    /// <param name="logFrames">Pages in the log since its last restart.</param>
    /// <param name="session">The writer's session.</param>
    public bool MayAppend(long bytes, long logFrames, WriterSession session)
    {
        if (!_hasReserve && !TryTakeReserve())
        {
            return false;
        }

        if (!IsTight)
        {
            return true;
        }

        var page = session.PageSize;
        var growth = (2 * bytes) + (PagesOfGroup * page);
        var log = Math.Max(0, (logFrames * (page + FrameHeader)) + growth - LengthOf(_databasePath + "-wal"));
        var later = (LogBytes / 4) + (BytesOfQueuedRow * session.Recent.Count);
        var database = Math.Max(0, (session.PageCount * page) - LengthOf(_databasePath)) + Math.Max(0, growth + later - (session.FreePages * page));
        return log + database == 0 || _free >= log + database + LogBytes;
    }

    /// <summary>Creates the reserve if the disk has room for it and more.</summary>
    public bool TryTakeReserve()
    {
        if (_lookedAt != 0 && _time.GetElapsedTime(_lookedAt) < _takeBackEvery)
        {
            return false;
        }

        _lookedAt = _time.GetTimestamp();
        lock (_gate)
        {
            _hasReserve = _reserveBytes == 0 || LengthOf(_reservePath) == _reserveBytes || TryMakeReserve();
        }

        Measure();
        return _hasReserve;
    }

    /// <summary>Deletes the reserve, so that writes that must be stored have room. False if there was none.</summary>
    public bool GiveUp()
    {
        lock (_gate)
        {
            _hasReserve = _reserveBytes == 0;
            if (_reserveBytes == 0 || !File.Exists(_reservePath))
            {
                return false;
            }

            File.Delete(_reservePath);
        }

        Log.ReserveGivenUp(_logger, _reserveBytes >> 20);
        return true;
    }

    private bool TryMakeReserve()
    {
        File.Delete(_reservePath);
        var free = _drive.AvailableFreeSpace;
        if (free < _reserveBytes + LogBytes)
        {
            return false;
        }

        try
        {
            using (var file = new FileStream(_reservePath, SqliteFile.Private(FileMode.CreateNew, _reserveBytes)))
            {
                file.SetLength(_reserveBytes);
                if (free - _drive.AvailableFreeSpace < _reserveBytes / 2)
                {
                    // The file system cannot preallocate, so zeros are written.
                    Span<byte> zeros = new byte[64 << 10];
                    for (long written = 0; written < _reserveBytes; written += zeros.Length)
                    {
                        file.Write(zeros[..(int)Math.Min(zeros.Length, _reserveBytes - written)]);
                    }

                    file.Flush(flushToDisk: true);
                }
            }

            Log.ReserveTaken(_logger, _reserveBytes >> 20);
            return true;
        }
        catch (IOException)
        {
            // Another program has used the space meanwhile.
            File.Delete(_reservePath);
            return false;
        }
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
