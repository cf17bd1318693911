using Microsoft.Extensions.Logging;

namespace CioOrleans.Outbox.Sqlite;

/// <summary>
/// Keeps room on the disk for what must always be stored: ends, leases, pauses, operators' changes. New calls are refused before that room is
/// touched. Against others that fill the disk there is a reserve: a file that is deleted when a write finds no room, and made again when there is some.
/// While it is missing no new call is taken. Used by the writer's thread alone, <see cref="GiveUp"/> aside.
/// </summary>
internal sealed class DiskRoom
{
    /// <summary>What a frame of the log takes beside its page.</summary>
    public const int FrameHeader = 24;

    /// <summary>Pages that a group changes beside those that it fills: the tree's inner pages, the list of free pages, counters.</summary>
    private const int PagesOfGroup = 32;

    /// <summary>A row of the table of queues, into which rows of the index in memory will have to move.</summary>
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
    /// <param name="reserveBytes">The length of the reserve; 0 for none, null for what suits the disk.</param>
    /// <param name="time">Measures the pauses between attempts to make the reserve again.</param>
    /// <param name="logger">Is told when the reserve is given up and when it is there again.</param>
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

    /// <summary>How long the log may get before it is folded into the database, in bytes: 16 MiB, or a sixteenth of a small disk.</summary>
    public long LogBytes { get; }

    /// <summary>Whether so little is free that every group is weighed, and the log is kept short at any price.</summary>
    public bool IsTight { get; private set; }

    /// <summary>Looks how much is free.</summary>
    public void Measure()
    {
        _free = _drive.AvailableFreeSpace;
        IsTight = !_hasReserve || _free < 16 * LogBytes;
    }

    /// <summary>Whether new calls of that size may be stored now.</summary>
    /// <param name="bytes">Their size.</param>
    /// <param name="logFrames">Pages in the log since it was last started anew.</param>
    /// <param name="session">The writer's.</param>
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

    /// <summary>Makes the reserve where there is room for it and more.</summary>
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

    /// <summary>Deletes the reserve, so that what must be stored has room. False where there was none.</summary>
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
                    // A file system that cannot set room aside, but by writing.
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
            // Others were faster.
            File.Delete(_reservePath);
            return false;
        }
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
