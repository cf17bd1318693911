using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.History;

/// <summary>What was sent and what was answered, compressed. Stored beside a row of the history.</summary>
/// <param name="Request">
/// The call as it was accepted, with its id and time stamps; null if an earlier row of the call has it, or if it is not kept.
/// </param>
/// <param name="Answer">The beginning of the answer's body; null for none.</param>
/// <param name="Size">The size of both before the compression, in bytes.</param>
[GenerateSerializer, Immutable, Alias("cio.HistoryBody")]
public sealed record HistoryBody([property: Id(0)] byte[]? Request, [property: Id(1)] byte[]? Answer, [property: Id(2)] int Size)
{
    /// <summary>The maximum number of characters of an answer that are kept.</summary>
    public const int MaxAnswer = 8_192;

    private const byte Version = 1;
    private const int Quality = 4;
    private const int WindowBits = 18;

    /// <summary>The size on the disk, in bytes.</summary>
    public int StoredSize => (Request?.Length ?? 0) + (Answer?.Length ?? 0);

    /// <summary>Compresses a call and an answer; null if there is neither.</summary>
    /// <param name="call">The call; null for none.</param>
    /// <param name="answer">The answer's body; null or empty for none.</param>
    public static HistoryBody? Of(Call? call, string? answer)
    {
        var request = call is null ? null : Write(call);
        var text = string.IsNullOrEmpty(answer) ? null : Encoding.UTF8.GetBytes(answer.Length <= MaxAnswer ? answer : answer[..MaxAnswer]);
        return request is null && text is null ? null : new HistoryBody(Pack(request), Pack(text), (request?.Length ?? 0) + (text?.Length ?? 0));
    }

    /// <summary>The call, as it can be accepted again; null if it is not kept here or was stored by a later version.</summary>
    public Call? ReadCall() => Request is null ? null : Read(Unpack(Request));

    /// <summary>The answer; null for none.</summary>
    public string? ReadAnswer() => Answer is null ? null : Encoding.UTF8.GetString(Unpack(Answer));

    private static byte[] Write(Call call)
    {
        using var bytes = new MemoryStream(256 + call.Body.Length);
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8))
        {
            writer.Write(Version);
            writer.Write(call.Id.ToByteArray());
            writer.Write((byte)call.Kind);
            writer.Write((byte)call.LimitClass);
            writer.Write((byte)call.Priority);
            writer.Write(call.AcceptedAt.UtcTicks);
            writer.Write(call.Method);
            writer.Write(call.Target);
            writer.Write(StoredHeaders.Write(call));
            writer.Write(call.OtherCustomer is not null);
            writer.Write(call.OtherCustomer ?? "");
            writer.Write7BitEncodedInt(call.Body.Length);
            writer.Write(call.Body);
        }

        return bytes.ToArray();
    }

    private static Call? Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadByte() != Version)
        {
            return null;
        }

        var (id, kind, limitClass, priority) = (new Ulid(reader.ReadBytes(16)), (CallKind)reader.ReadByte(), (LimitClass)reader.ReadByte(), (CallPriority)reader.ReadByte());
        var acceptedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        var (method, target) = (reader.ReadString(), reader.ReadString());
        var (headers, notes) = StoredHeaders.Read(reader.ReadString());
        var (hasOther, other) = (reader.ReadBoolean(), reader.ReadString());
        return new Call
        {
            Id = id,
            Kind = kind,
            LimitClass = limitClass,
            Priority = priority,
            AcceptedAt = acceptedAt,
            Method = method,
            Target = target,
            Headers = headers,
            Notes = notes,
            OtherCustomer = hasOther ? other : null,
            Body = reader.ReadBytes(reader.Read7BitEncodedInt()),
        };
    }

    /// <summary>The length, then the compressed bytes.</summary>
    private static byte[]? Pack(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        var packed = new byte[sizeof(int) + BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(packed, bytes.Length);
        return BrotliEncoder.TryCompress(bytes, packed.AsSpan(sizeof(int)), out var length, Quality, WindowBits)
            ? packed[..(sizeof(int) + length)]
            : throw new InvalidOperationException("The buffer for the compressed bytes is too small.");
    }

    private static byte[] Unpack(byte[] packed)
    {
        var bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(packed)];
        return BrotliDecoder.TryDecompress(packed.AsSpan(sizeof(int)), bytes, out var length) && length == bytes.Length
            ? bytes
            : throw new InvalidDataException("A body of the history cannot be decompressed.");
    }
}
