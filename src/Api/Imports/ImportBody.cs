using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;
using CioOrleans.Client.Imports;

namespace CioOrleans.Api.Imports;

/// <summary>Reads people from JSON lines as they arrive. It buffers one line and what the server has read ahead.</summary>
/// <param name="reader">The body.</param>
/// <param name="maxLineBytes">The longest line, in bytes. A longer line is refused.</param>
/// <param name="lineTimeout">How long a line may take from its first byte to its end. Then the reading ends.</param>
/// <param name="time">Measures <paramref name="lineTimeout"/>.</param>
/// <param name="lease">Counts the unfinished line in the buffer budget. If there is no room, the reading ends.</param>
/// <param name="create">Creates the calls of a line.</param>
internal sealed class ImportBody(PipeReader reader, int maxLineBytes, TimeSpan lineTimeout, TimeProvider time, BufferLease lease, Func<ImportUser, ImportCalls> create)
{
    private static readonly JsonDocumentOptions _json = new() { MaxDepth = CallLimits.MaxDepth };

    /// <summary>True once the whole body was read.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Ends the reading: at once if it waits for bytes, otherwise after the lines that were already read.</summary>
    public void Stop() => reader.CancelPendingRead();

    public async IAsyncEnumerable<ImportCalls> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long? lineBegan = null;
        while (!IsComplete)
        {
            ReadResult read;
            if (lineBegan is { } began)
            {
                await using var deadline = time.CreateTimer(_ => Stop(), null, Positive(lineTimeout - time.GetElapsedTime(began)), Timeout.InfiniteTimeSpan);
                read = await reader.ReadAsync(cancellation);
            }
            else
            {
                read = await reader.ReadAsync(cancellation);
            }

            if (read.IsCanceled)
            {
                reader.AdvanceTo(read.Buffer.Start);
                yield break;
            }

            var rest = read.Buffer;
            var waiting = 0L;
            var isTooLong = false;
            try
            {
                while (TryTakeLine(ref rest, read.IsCompleted, out var line))
                {
                    lineBegan = null;
                    if (!IsBlank(line))
                    {
                        yield return line.Length <= maxLineBytes ? Parse(line) : new ImportCalls.Invalid($"The line is longer than {maxLineBytes} bytes. Leave some attributes out.");
                    }
                }

                waiting = rest.Length;
                isTooLong = waiting > maxLineBytes;
            }
            finally
            {
                // Also when the enumeration ends between two lines: the server cannot read the connection on while a read of its body is open.
                reader.AdvanceTo(isTooLong ? rest.End : rest.Start, rest.End);
            }

            if (isTooLong)
            {
                yield return new ImportCalls.Invalid($"The line is longer than {maxLineBytes} bytes, and what follows cannot be told from it: nothing behind it was read. Is each person on a line of its own?");
                yield break;
            }

            lineBegan = waiting == 0 ? null : lineBegan ?? time.GetTimestamp();
            if (!lease.TryGrow(waiting))
            {
                // The sender continues after the last line that was answered.
                yield break;
            }

            IsComplete = read.IsCompleted;
        }
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (!isLast || rest.IsEmpty)
        {
            return false;
        }

        rest = rest.Slice(rest.End);
        return true;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }

    private ImportCalls Parse(in ReadOnlySequence<byte> line)
    {
        if (!Utf8.IsValid(line.IsSingleSegment ? line.FirstSpan : line.ToArray()))
        {
            return new ImportCalls.Invalid("The line is not valid UTF-8. Encode the JSON as UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(line, _json);
            return ImportLine.Read(document, out var error) is { } user ? create(user) : new ImportCalls.Invalid(error);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Parsing does not find half of a surrogate pair. Reading the text does, with an InvalidOperationException.
            return new ImportCalls.Invalid($"The line is no JSON: {exception.Message}");
        }
    }
}
