using System.Buffers;
using System.IO.Pipelines;

namespace CioOrleans.Api.Bodies;

/// <summary>
/// A request's body as a stream whose reads may be canceled. It cancels the read of the pipe: when a token ends that read, Kestrel takes it for unfinished, cannot
/// read the rest of the body from the connection and logs an error.
/// </summary>
internal sealed class BodyStream(PipeReader reader) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await using var cancellation = cancellationToken.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        while (true)
        {
            var read = await reader.ReadAsync(CancellationToken.None);
            if (read.IsCanceled)
            {
                reader.AdvanceTo(read.Buffer.Start);
                throw new OperationCanceledException(cancellationToken);
            }

            if (read.Buffer.IsEmpty && !read.IsCompleted)
            {
                // A pipe may end a read without bytes.
                reader.AdvanceTo(read.Buffer.End);
                continue;
            }

            var length = (int)Math.Min(buffer.Length, read.Buffer.Length);
            var taken = read.Buffer.Slice(0, length);
            taken.CopyTo(buffer.Span);
            reader.AdvanceTo(taken.End);
            return length;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
