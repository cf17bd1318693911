using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace CioOrleans.Api.Guarding;

/// <summary>
/// The memory pool of Kestrel's connections. Its blocks come from <see cref="MemoryPool{T}.Shared"/>, which keeps at most 32 of a size for each core and
/// leaves the others to the garbage collector. Kestrel's own pool pins its blocks and frees 5 % of the unused ones every ten seconds: after an attack that
/// fills the buffers of many connections, the process would hold that memory for minutes.
/// </summary>
internal sealed class ShrinkingMemoryPool : MemoryPool<byte>
{
    /// <summary>The block size of Kestrel's own pool, in bytes.</summary>
    private const int BlockSize = 4096;

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => minBufferSize <= BlockSize
        ? Shared.Rent(BlockSize)
        : throw new ArgumentOutOfRangeException(nameof(minBufferSize), minBufferSize, $"A block has {BlockSize} bytes.");

    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>Creates the pools for Kestrel.</summary>
    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ShrinkingMemoryPool();
    }
}
